import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY } from '../support/sandbox.js';
import { endAll, type ServerProcess, startServer } from '../support/server-process.js';

/** The shell blocks of the README's section, as a reader would paste them; only the port is another. */
function blocks(section: string): string[] {
  const readme = readFileSync(join(REPOSITORY, 'README.md'), 'utf8');
  const text = readme.split(`\n## ${section}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
}

describe('the first query of the README', () => {
  let folder: string;
  let server: ServerProcess;
  const paste = (block: string | undefined, environment = {}) =>
    JSON.parse(
      execFileSync('bash', ['-c', (block ?? '').replaceAll('http://localhost:4000', server.url)], {
        env: { PATH: process.env['PATH'], ...environment },
        encoding: 'utf8',
      }),
    );

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'readme-'));
    server = await startServer(folder, { COUNTERFOIL_RATE_LIMITS: 'on' });
  });
  afterAll(async () => {
    await endAll();
    rmSync(folder, { recursive: true });
  });

  it('registers when pasted, and the second asks as whoever was registered', () => {
    const [first, second] = blocks('First query');
    const { register } = paste(first).data;
    expect(register).toMatchObject({ __typename: 'RegisterSuccess', viewer: { email: 'ada@example.com' } });
    const { viewer } = paste(second, { ACCESS_TOKEN: register.tokens.accessToken }).data;
    expect(viewer.sessions.edges).toMatchObject([{ node: { deviceName: 'Terminal', current: true } }]);
  });
});
