/**
 * What ships as `counterfoil/verify`: bundles without imports, without a word of Node and without the server, which run
 * where there is nothing but the Web's own, with declarations that need nothing else either. Their sizes are those that
 * the documentation states.
 */

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY } from '../../support/sandbox.js';

interface Bundle {
  readonly text: string;
  readonly minified: Uint8Array;
  readonly inputs: readonly string[];
  readonly imports: number;
}

const NAMES = ['verify', 'verify-fastify', 'verify-express', 'verify-apollo'] as const;
/** All that may be in them. */
const ALLOWED =
  /^src\/(verify\/[\w-]+|tokens\/(access-claims|jws-text|prefix|signature-check|verified-tokens|verify-access-token)|revocation\/(feed-events|filter)|entities\/(identifier|signing-key)|system\/(clock|chance))\.ts$/;

let bundles: Readonly<Record<(typeof NAMES)[number], Bundle>>;

async function bundled(minify: boolean) {
  const { verifyBundle } = (await import(join(REPOSITORY, 'verify-bundle.mjs'))) as { verifyBundle: object };
  const made = await build({
    ...verifyBundle,
    absWorkingDir: REPOSITORY,
    minify,
    sourcemap: false,
    write: false,
    metafile: true,
  });
  return Object.fromEntries(
    Object.entries(made.metafile.outputs).map(([path, output]) => {
      const file = made.outputFiles.find((each) => relative(REPOSITORY, each.path) === path);
      return [
        path.replace('dist/', '').replace('.js', ''),
        { output, bytes: file?.contents ?? new Uint8Array() },
      ];
    }),
  );
}

beforeAll(async () => {
  const [plain, small] = [await bundled(false), await bundled(true)];
  bundles = Object.fromEntries(
    NAMES.map((name) => [
      name,
      {
        text: new TextDecoder().decode(plain[name]?.bytes),
        minified: small[name]?.bytes,
        inputs: Object.keys(plain[name]?.output.inputs ?? {}),
        imports: plain[name]?.output.imports.length,
      },
    ]),
  ) as unknown as typeof bundles;
});

describe.each(NAMES)('%s', (name) => {
  it('is made of nothing but the verifier and what both ends read by', () => {
    const { inputs } = bundles[name];
    expect(inputs.length).toBeGreaterThan(0);
    expect(inputs.filter((path) => !ALLOWED.test(path))).toEqual([]);
  });

  it('imports nothing, and names nothing that only Node has', () => {
    const { text, imports } = bundles[name];
    expect(imports).toBe(0);
    const code = text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
    expect(code).not.toMatch(
      /\bnode:|\bBuffer\b|\bprocess\b|\brequire\(|\bimport\s*[({'"]|\bglobal\b|__dirname/,
    );
  });
});

describe('the sizes in docs/how-to/verify.md', () => {
  const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1);
  const page = readFileSync(join(REPOSITORY, 'docs/how-to/verify.md'), 'utf8');

  it.each([
    ['counterfoil/verify', 'verify'],
    ['counterfoil/verify/fastify', 'verify-fastify'],
    ['counterfoil/verify/express', 'verify-express'],
    ['counterfoil/verify/apollo', 'verify-apollo'],
  ] as const)('are those of what is built: %s', (entry, name) => {
    const { minified } = bundles[name];
    const row = `| \`${entry}\` | ${kilobytes(minified.length)} kB | ${kilobytes(gzipSync(minified, { level: 9 }).length)} kB |`;
    expect(page.split('\n').filter((line) => line.startsWith(`| \`${entry}\` `))).toEqual([row]);
  });
});

describe('a runtime that has nothing but what the Web has', () => {
  /** The globals of the WinterCG minimum that are used; Node's own are not there. */
  const WEB = {
    AbortController,
    AbortSignal,
    Headers,
    ReadableStream,
    Request,
    Response,
    TextDecoder,
    TextEncoder,
    URL,
    URLSearchParams,
    clearTimeout: (id: number) => clearTimeout(id),
    crypto,
    performance: { now: () => performance.now() },
    // A number, as in browsers: there is nothing to unref.
    setTimeout: (call: () => void, ms: number) => Number(setTimeout(call, ms)),
  };

  /** Runs the bundle in a new realm (`node:vm`) as the body of a script, with its exports as `library`. */
  async function inTheWeb(program: string, more: object): Promise<unknown> {
    const context = createContext({ ...WEB, ...more });
    const script = bundles.verify.text.replace(/\nexport \{([^}]*)\};\s*$/, '\nglobalThis.library = {$1};\n');
    expect(script).toContain('globalThis.library');
    runInContext(script, context);
    return runInContext(`(async () => { ${program} })()`, context);
  }

  it('can verify tokens, follow the feed, and end', async () => {
    const { Issuer, SESSION } = await import('../../support/issuer.js');
    const issuer = new Issuer();
    await issuer.addKey('first');
    await issuer.addKey('second', 'EdDSA');
    const settings = { ...issuer.settings(), clock: undefined, fetch: undefined };
    const { clock: _clock, fetch: _fetch, ...plain } = settings;
    const clock = { now: () => Date.now(), monotonic: () => performance.now() };
    const iat = Math.floor(Date.now() / 1000);
    const tokens = await Promise.all(
      issuer.keys.map((key) => issuer.token({ iat, exp: iat + 300, auth_time: iat }, key)),
    );
    Object.assign(issuer.clock, clock);
    const said = await inTheWeb(
      `const verifier = library.createVerifier(settings);
       const said = [await verifier.ready()];
       for (const token of tokens) said.push((await verifier.verify(token)).kind);
       said.push((await verifier.verify(tokens[0] + 'x')).because);
       revoke();
       while (verifier.freshness().revocations === 0) await new Promise((resolve) => setTimeout(resolve, 5));
       said.push((await verifier.verify(tokens[0])).because);
       verifier.close();
       return said.concat(typeof process, typeof Buffer);`,
      {
        settings: plain,
        tokens,
        fetch: issuer.fetch,
        revoke: () => issuer.revoke({ kind: 'session-ended', sessionId: SESSION }),
      },
    );
    expect(said).toEqual([
      true,
      'verified',
      'verified',
      'malformed',
      'session-ended',
      'undefined',
      'undefined',
    ]);
  });
});

describe('the declarations', () => {
  const ENTRIES = ['index', 'fastify', 'express', 'apollo'];
  const TSC = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
  let folder: string;

  const tsc = async (config: object) => {
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const run = promisify(execFile)(process.execPath, [TSC, '--project', folder, '--pretty', 'false']);
    return (await run.catch((fault: { stdout: string }) => fault)).stdout;
  };
  const typeRoots = [join(REPOSITORY, 'node_modules/@types')];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'counterfoil-'));
    const said = await tsc({
      extends: join(REPOSITORY, 'tsconfig.build.json'),
      compilerOptions: { rootDir: join(REPOSITORY, 'src'), outDir: join(folder, 'types'), typeRoots },
      files: ENTRIES.map((name) => join(REPOSITORY, `src/verify/${name}.ts`)),
    });
    expect(said).toBe('');
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    const imports = ENTRIES.map((name) => `export * as ${name} from './types/verify/${name}.js';`);
    await writeFile(join(folder, 'user.ts'), `${imports.join('\n')}\n`);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['of a browser', ['es2022', 'dom', 'dom.iterable'], []],
    ['of Node', ['es2023'], ['node']],
  ])('hold with nothing but the types %s, and are checked themselves', async (_what, lib, types) => {
    const compilerOptions = { noEmit: true, strict: true, module: 'nodenext', target: 'es2022', lib, types };
    expect(await tsc({ compilerOptions: { ...compilerOptions, typeRoots }, files: ['user.ts'] })).toBe('');
  });
});
