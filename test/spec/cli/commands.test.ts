import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { examine } from '../../../src/cli/doctor.js';
import { systemClock } from '../../../src/system/clock.js';
import { commandIn } from '../../support/command.js';

const PASSWORD = 'zebra quartz lamp 9';
let folder: string;
let run: ReturnType<typeof commandIn>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'));
  run = commandIn(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function made(email = 'ada@example.com', ...more: string[]) {
  const ran = await run(
    ['users', 'create', '--email', email, '--password-stdin', '--json', ...more],
    `${PASSWORD}\n`,
  );
  expect(ran).toMatchObject({ code: 0, err: '' });
  return JSON.parse(ran.out) as { id: string; email: string; roles: string[] };
}

async function json(...line: string[]) {
  const ran = await run([...line, '--json']);
  expect(ran).toMatchObject({ code: 0, err: '' });
  return JSON.parse(ran.out);
}

describe('serve', () => {
  it.each([
    ['on', /^Counterfoil serves (http:\S+)\/graphql \(.*\), and for people \1\/console\/\n$/],
    ['off', /^Counterfoil serves http:\S+\/graphql \([^)]*\)\n$/],
  ])('says where the API is, and the console where there is one: %s', async (hasConsole, said) => {
    const serve = commandIn(folder, { COUNTERFOIL_CONSOLE: hasConsole, PORT: '0', LOG_LEVEL: 'silent' });
    const { code, err } = await serve(['serve'], '', { interrupted: true });
    expect(code).toBe(0);
    expect(err).toMatch(said);
  });
});

describe('every command', () => {
  it.each([
    [['serve']],
    [['migrate']],
    [['seed']],
    [['doctor']],
    [['users', 'create']],
    [['users', 'list']],
    [['users', 'suspend']],
    [['users', 'reinstate']],
    [['sessions', 'list']],
    [['sessions', 'end']],
    [['keys', 'list']],
    [['keys', 'rotate']],
    [['keys', 'revoke']],
    [['keys', 'rewrap']],
    [['verifiers', 'create']],
    [['verifiers', 'list']],
    [['verifiers', 'withdraw']],
  ])('%j explains itself, with an example, and touches nothing', async (line) => {
    const ran = await run([...line, '--help']);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toContain(`Usage: counterfoil ${line.join(' ')}`);
    expect(ran.out).toContain('Examples:');
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it.each([
    [['bogus']],
    [['users', 'bogus']],
    [['users', 'create']],
    [['users', 'suspend']],
    [['users', 'suspend', 'ada@example.com']],
    [['users', 'suspend', '--reason', 'x']],
    [['users', 'reinstate']],
    [['sessions', 'list']],
    [['keys', 'revoke']],
    [['keys', 'revoke', 'kid']],
    [['keys', 'list', '--bogus']],
    [['sessions', 'end']],
    [['keys', 'rotate', '--algorithm', 'HS256']],
    [['verifiers', 'create']],
    [['verifiers', 'withdraw']],
  ])('%j is misused: exit code 2, a reason, and no answer', async (line) => {
    if (line[1] === 'end' || line[1] === 'rotate') await made();
    const ran = await run(line);
    expect(ran.code).toBe(2);
    expect(ran.out).toBe('');
    expect(ran.err).not.toBe('');
  });

  it('names every problem of the configuration and exits with 2', async () => {
    const broken = commandIn(folder, { PORT: 'x', COUNTERFOIL_MODEL: 'telepathic' });
    const ran = await broken(['users', 'list']);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('PORT');
    expect(ran.err).toContain('COUNTERFOIL_MODEL');
  });

  it.each([
    [['users', 'list']],
    [['users', 'suspend', 'a@b.example', '--reason', 'x']],
    [['users', 'reinstate', 'a@b.example']],
    [['sessions', 'list', '--user', 'a@b.example']],
    [['keys', 'list']],
    [['keys', 'rewrap']],
  ])('%j makes no database where there is none', async (line) => {
    const ran = await run(line);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('there is no database');
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });
});

describe('users', () => {
  it('are made with the password from standard input, and listed', async () => {
    const user = await made('ada@example.com', '--operator', '--name', 'Ada');
    expect(user.roles).toEqual(['USER', 'OPERATOR']);
    expect(await json('users', 'list')).toMatchObject([
      { id: user.id, email: 'ada@example.com', name: 'Ada' },
    ]);
    expect((await run(['users', 'list', '--search', 'nobody'])).out).toBe('(none)\n');
  });

  it('are not made twice, with a weak password, with an address that is none, or without a password', async () => {
    await made();
    const create = (email: string, input: string) =>
      run(['users', 'create', '--email', email, '--password-stdin'], input);
    expect(await create('ADA@example.com', PASSWORD)).toMatchObject({ code: 1, out: '' });
    expect(await create('bob@example.com', 'short')).toMatchObject({ code: 1, out: '' });
    expect(await create('no address', PASSWORD)).toMatchObject({ code: 2, out: '' });
    expect(await run(['users', 'create', '--email', 'bob@example.com'])).toMatchObject({ code: 2, out: '' });
    expect(await json('users', 'list')).toHaveLength(1);
  });

  it('are not made with a password of several lines, nor in a database that is gone with the command', async () => {
    const create = ['users', 'create', '--email', 'ada@example.com', '--password-stdin'];
    expect(await run(create, `${PASSWORD}\nand more\n`)).toMatchObject({ code: 2, out: '' });
    expect(existsSync(join(folder, 'data'))).toBe(false);
    const inMemory = commandIn(folder, { COUNTERFOIL_DATABASE: 'file::memory:' });
    expect(await inMemory(create, PASSWORD)).toMatchObject({ code: 2, out: '' });
    expect(await inMemory(['seed'])).toMatchObject({ code: 2, out: '' });
  });

  it('are suspended and reinstated, by address or id, whatever their role', async () => {
    const { id } = await made('ada@example.com', '--operator');
    const standing = async () => (await json('users', 'list'))[0].standing;
    const suspended = await json('users', 'suspend', 'ADA@example.com', '--reason', 'lost laptop');
    expect(suspended).toMatchObject({ id, standing: 'suspended', sessionsEnded: 0 });
    expect(Date.parse(suspended.accessTokensDeadBy)).toBeGreaterThan(0);
    expect(await standing()).toBe('suspended');
    expect(await json('users', 'reinstate', id)).toMatchObject({ id, standing: 'active' });
    expect(await standing()).toBe('active');
    expect(await json('users', 'suspend', id, '--reason', 'again')).toMatchObject({ standing: 'suspended' });
    const { out } = await run(['users', 'reinstate', 'ada@example.com']);
    expect(out).toBe(
      `reinstated ada@example.com (${id}), who may sign in again; the sessions they had stay ended\n`,
    );
  });

  it('are not reinstated where they are not suspended, and nobody is neither', async () => {
    await made();
    const inVain = async (...line: string[]) => {
      const ran = await run(line);
      expect(ran).toMatchObject({ code: 1, out: '' });
      return ran.err;
    };
    expect(await inVain('users', 'reinstate', 'ada@example.com')).toContain('is not suspended');
    for (const nobody of ['bob@example.com', 'A'.repeat(22), `-${'A'.repeat(21)}`]) {
      expect(await inVain('users', 'reinstate', nobody)).toContain('there is no user');
      expect(await inVain('users', 'suspend', nobody, '--reason', 'x')).toContain('there is no user');
    }
  });

  it.each(['x'.repeat(201), 'a\u001b[2Jb'])('are not suspended for a reason like %j', async (reason) => {
    await made();
    const line = ['users', 'suspend', 'ada@example.com', '--reason', reason];
    expect(await run(line)).toMatchObject({ code: 2, out: '' });
    expect((await json('users', 'list'))[0].standing).toBe('active');
    expect(await run(['keys', 'revoke', 'kid', '--reason', reason])).toMatchObject({ code: 2, out: '' });
  });

  it('of the environment are made by servers, not by commands, whatever their password', async () => {
    await made();
    const operator = { COUNTERFOIL_OPERATOR_EMAIL: 'op@example.com', COUNTERFOIL_OPERATOR_PASSWORD: 'short' };
    const ran = await commandIn(folder, operator)(['users', 'list', '--json']);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(ran.out)).toHaveLength(1);
  });
});

describe('a password asked for at a terminal', () => {
  const create = ['users', 'create', '--email', 'ada@example.com'];

  it('is asked for twice, and shown nowhere', async () => {
    const ran = await commandIn(folder)(create, `${PASSWORD}\r${PASSWORD}\r`, { terminal: true });
    expect(ran).toMatchObject({ code: 0, err: 'Password: \nOnce more: \n' });
    expect(ran.out).not.toContain(PASSWORD);
    expect(await json('users', 'list')).toHaveLength(1);
  });

  it.each([
    ['the two differ', `${PASSWORD}\r${PASSWORD}x\r`],
    ['given up', '\u0003'],
    ['given up', `${PASSWORD}\r\u0004`],
  ])('makes nobody when %s', async (reason, typed) => {
    const ran = await commandIn(folder)(create, typed, { terminal: true });
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toContain(reason);
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });
});

describe('sessions', () => {
  it('of a user who has none are an empty list; of nobody, an error', async () => {
    await made();
    expect(await json('sessions', 'list', '--user', 'ada@example.com')).toEqual([]);
    expect(await run(['sessions', 'list', '--user', 'bob@example.com'])).toMatchObject({ code: 1, out: '' });
    expect(await run(['sessions', 'end', '--user', 'bob@example.com'])).toMatchObject({ code: 1, out: '' });
    expect(await run(['sessions', 'end', '--session', 'nonsense'])).toMatchObject({ code: 1, out: '' });
    expect(await json('sessions', 'end', '--user', 'ada@example.com')).toMatchObject({ sessionsEnded: 0 });
  });
});

describe('verifiers', () => {
  it('are made with a credential that is shown once, listed without it, and withdrawn', async () => {
    await made();
    const { credential, ...verifier } = await json('verifiers', 'create', '--name', 'orders service');
    expect(credential).toMatch(/^cfv_[\w-]{71}$/);
    expect(verifier).toMatchObject({ name: 'orders service', withdrawnAt: null });
    expect(await json('verifiers', 'list')).toEqual([verifier]);
    const withdrawn = await json('verifiers', 'withdraw', verifier.id);
    expect(withdrawn.withdrawnAt).not.toBeNull();
    expect(await json('verifiers', 'list')).toEqual([withdrawn]);
    expect(await run(['verifiers', 'withdraw', verifier.id])).toMatchObject({ code: 1, out: '' });
    expect(await run(['verifiers', 'withdraw', 'unknown'])).toMatchObject({ code: 1, out: '' });
  });

  it('say to people what they were given, and that it does not come again', async () => {
    await made();
    const { out } = await run(['verifiers', 'create', '--name', 'orders']);
    expect(out).toMatch(
      /^created orders \([\w-]{22}\); its credential, which is not shown again:\ncfv_[\w-]{71}\n$/,
    );
  });

  it.each(['', '   ', 'a\u0007b', 'a\nb', 'a\u202eb', 'orders\ufe0f', 'orders\u3164', 'x'.repeat(101)])(
    'are not called %j',
    async (name) => {
      await made();
      expect(await run(['verifiers', 'create', '--name', name])).toMatchObject({ code: 2, out: '' });
      expect(await json('verifiers', 'list')).toEqual([]);
    },
  );
});

describe('keys', () => {
  const states = async () => (await json('keys', 'list')).map(({ state }: { state: string }) => state).sort();

  it('rotate at once by force, else when every verifier can know the standby', async () => {
    await made();
    const scheduled = await json('keys', 'rotate');
    expect(scheduled.retired).toBeNull();
    expect(Date.parse(scheduled.activatesAt)).toBeGreaterThan(Date.now());
    expect(await states()).toEqual(['active', 'standby']);
    const signingFrom = (await json('keys', 'list')).map(
      ({ activatesAt }: { activatesAt: string | null }) => activatesAt,
    );
    expect(signingFrom.sort()).toEqual([scheduled.activatesAt, null].sort());
    expect((await run(['keys', 'list'])).out).toMatch(
      new RegExp(`SIGNS FROM[^]* standby .* ${scheduled.activatesAt}`),
    );
    const forced = await json('keys', 'rotate', '--force', '--algorithm', 'EdDSA');
    expect(forced.active.algorithm).toBe('EdDSA');
    expect(await states()).toEqual(['active', 'retired', 'standby']);
  });

  it('are revoked by their id, and an unknown one is an error', async () => {
    await made();
    const [{ kid }] = (await json('keys', 'list')).filter(
      ({ state }: { state: string }) => state === 'active',
    );
    expect(await json('keys', 'revoke', kid, '--reason', 'leaked')).toMatchObject({
      revoked: { kid, state: 'revoked' },
    });
    expect(await states()).toEqual(['active', 'revoked', 'standby']);
    expect(await run(['keys', 'revoke', 'unknown', '--reason', 'x'])).toMatchObject({ code: 1, out: '' });
  });

  it.each([
    ['first', ['keys', 'revoke', `-h${'a'.repeat(41)}`, '--reason', 'x']],
    ['last', ['keys', 'revoke', '--reason', 'x', '--json', `-h${'a'.repeat(41)}`]],
    ['a value', ['sessions', 'end', '--session', `-h${'a'.repeat(20)}`]],
    ['of a verifier', ['verifiers', 'withdraw', `-h${'a'.repeat(20)}`]],
  ])('take an id that begins with a dash for an id, not for options: %s', async (_, line) => {
    await made();
    const ran = await run(line);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toMatch(/there is no (live )?(signing key|session|verifier)/);
  });

  it('are sealed anew under another master key in the file, and the old file content opens nothing', async () => {
    await made();
    const path = join(folder, 'data', 'master.key');
    const before = readFileSync(path, 'utf8');
    expect(await json('keys', 'rewrap')).toMatchObject({ kind: 'rewrapped', refreshSecrets: 1 });
    expect(readFileSync(path, 'utf8')).not.toBe(before);
    expect(await states()).toEqual(['active', 'standby']);
    writeFileSync(path, before);
    expect(await run(['keys', 'list'])).toMatchObject({ code: 1, out: '' });
  });

  it('given by the environment, take the next master key from a variable or a file, and say so where neither is named', async () => {
    const [first, second, third] = ['A', 'B', 'C'].map((sign) => `${sign.repeat(42)}A=`);
    const given = (key: string | undefined, more = {}) =>
      commandIn(folder, { COUNTERFOIL_MASTER_KEY: key ?? '', ...more });
    await given(first)(['users', 'create', '--email', 'a@b.example', '--password-stdin'], PASSWORD);
    expect((await given(first)(['keys', 'rewrap'])).code).toBe(2);
    expect((await given(first, { NEXT: 'junk' })(['keys', 'rewrap', '--new-key-env', 'NEXT'])).code).toBe(2);
    expect((await given(first, { NEXT: first })(['keys', 'rewrap', '--new-key-env', 'NEXT'])).code).toBe(2);
    expect((await given(first, { NEXT: second })(['keys', 'rewrap', '--new-key-env', 'NEXT'])).code).toBe(0);
    const file = join(folder, 'next.key');
    writeFileSync(file, `${third}\n`);
    expect((await given(second)(['keys', 'rewrap', '--new-key-file', file])).code).toBe(0);
    expect((await given(third)(['keys', 'list'])).code).toBe(0);
    expect((await given(first)(['keys', 'list'])).code).toBe(1);
  });
});

describe('migrate', () => {
  it('makes the tables once, and says where it stands', async () => {
    expect((await run(['migrate', '--status'])).code).toBe(1);
    const { from, applied, known } = await json('migrate');
    expect({ from, applied }).toEqual({ from: 0, applied: known });
    expect((await run(['migrate'])).out).toContain('up to date');
    expect((await run(['migrate', '--status'])).code).toBe(0);
  });

  it('leaves a file that is no database alone', async () => {
    await run(['migrate']);
    const path = join(folder, 'data', 'counterfoil.db');
    rmSync(`${path}-wal`, { force: true });
    writeFileSync(path, 'not a database, and long enough to look at'.repeat(100));
    expect(await run(['migrate'])).toMatchObject({ code: 1, out: '' });
    expect(readFileSync(path, 'utf8')).toContain('not a database');
  });
});

describe('doctor', () => {
  const levels = async (environment: Record<string, string>, clock = systemClock) => {
    const database = { COUNTERFOIL_DATABASE: `file:${join(folder, 'data', 'counterfoil.db')}` };
    const findings = await examine({ ...database, ...environment }, clock);
    // The worst of each check.
    const order = ['ok', 'warning', 'problem'];
    findings.sort((one, other) => order.indexOf(one.level) - order.indexOf(other.level));
    return new Map(findings.map(({ check, level }) => [check, level]));
  };

  it('finds a fresh deployment well, and changes nothing where there is nothing', async () => {
    expect((await run(['doctor'])).code).toBe(0);
    expect(existsSync(join(folder, 'data'))).toBe(false);
    await made();
    expect(await run(['doctor'])).toMatchObject({ code: 0 });
    expect((await json('doctor')).every(({ level }: { level: string }) => level === 'ok')).toBe(true);
  });

  it.each([
    [{ COUNTERFOIL_ISSUER: 'http://auth.example.com' }, 'issuer'],
    [{ COUNTERFOIL_RATE_LIMITS: 'off' }, 'rate limits'],
    [{ NODE_ENV: 'production', COUNTERFOIL_PLAYGROUND: 'on' }, 'playground'],
    [{ COUNTERFOIL_TRUSTED_PROXIES: '0.0.0.0/0' }, 'trusted proxies'],
    [{ COUNTERFOIL_MASTER_KEY: `${'B'.repeat(42)}A=` }, 'master key'],
    [{ PORT: 'x' }, 'configuration'],
  ] as [Record<string, string>, string][])('calls %j a problem', async (environment, check) => {
    await made();
    expect((await levels(environment)).get(check)).toBe('problem');
  });

  it('warns of several origins, whose pages would share one cookie, and not of one', async () => {
    await made();
    const one = 'https://app.example.com';
    const found = async (origins: string) =>
      (await levels({ COUNTERFOIL_ALLOWED_ORIGINS: origins })).get('allowed origins');
    expect(await found(one)).toBeUndefined();
    expect(await found(`${one},https://admin.example.com`)).toBe('warning');
    expect(await found(`${one},${one}`)).toBeUndefined();
  });

  it('calls a key file that others can read a problem, and a missing one, too', async () => {
    await made();
    const data = join(folder, 'data');
    chmodSync(data, 0o755);
    chmodSync(join(data, 'master.key'), 0o644);
    expect((await levels({})).get('master key')).toBe('problem');
    rmSync(join(data, 'master.key'));
    expect((await levels({})).get('master key')).toBe('problem');
    expect(existsSync(join(data, 'master.key'))).toBe(false);
  });

  it('calls an open key file a problem even in a closed folder, and a folder that others can write to', async () => {
    await made();
    const data = join(folder, 'data');
    chmodSync(join(data, 'master.key'), 0o640);
    expect((await levels({})).get('master key')).toBe('problem');
    chmodSync(join(data, 'master.key'), 0o600);
    chmodSync(data, 0o777);
    expect((await levels({})).get('master key')).toBe('problem');
    expect((await levels({})).get('database')).toBe('problem');
  });

  it('says that a damaged database is damaged, beside what else there is to say', async () => {
    await made();
    const path = join(folder, 'data', 'counterfoil.db');
    const bytes = readFileSync(path);
    const page = bytes.readUInt16BE(16);
    writeFileSync(path, bytes.fill(0xff, 3 * page));
    const found = await levels({});
    expect(found.get('integrity')).toBe('problem');
    expect(found.get('disk')).toBe('ok');
  });

  it('leaves the files of a deployment as they are, to the byte and the name', async () => {
    await made();
    const data = join(folder, 'data');
    const picture = () => readdirSync(data).map((name) => [name, readFileSync(join(data, name), 'hex')]);
    const before = picture();
    await run(['doctor']);
    expect(picture()).toEqual(before);
  });

  it('calls a clock that is set meanwhile a problem', async () => {
    await made();
    let readings = 0;
    const stepped = { now: () => Date.now() + 60_000 * readings++, monotonic: () => performance.now() };
    expect((await levels({}, stepped)).get('clock')).toBe('problem');
  });

  it('calls a clock that is behind what was written a problem', async () => {
    await made();
    const slow = { now: () => Date.now() - 3_600_000, monotonic: () => 0 };
    expect((await levels({}, slow)).get('clock')).toBe('problem');
  });

  it('warns when no key has been rotated for longer than a rotation', async () => {
    await made();
    const late = { now: () => Date.now() + 40 * 86_400_000, monotonic: () => 0 };
    expect((await levels({}, late)).get('signing keys')).toBe('warning');
  });

  it('exits with 1 when there is a problem', async () => {
    await made();
    const careless = commandIn(folder, { COUNTERFOIL_RATE_LIMITS: 'off' });
    expect((await careless(['doctor'])).code).toBe(1);
  });
});
