/**
 * The playground as somebody meets it on the first day: Chromium opens the page that the built server sends, and the
 * example's operations are chosen by name from GraphiQL's own menu. Where Chromium is not installed this is skipped.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, NO_BROWSER, startBrowser } from '../support/browser.js';
import { endAll, mutate, type ServerProcess, startServer } from '../support/server-process.js';

/** The account of the example. */
const ROBIN = { email: 'robin@example.com', password: 'marble kettle sunrise 41' };

interface Answer {
  readonly data?: Record<string, Record<string, unknown>> | null;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string; readonly reason?: string } }[];
}

if (NO_BROWSER !== null) test('the playground opens in a browser', ({ skip }) => skip(NO_BROWSER ?? ''));

// One visit in the order of the example: each test goes on where the one before it stopped.
describe.skipIf(NO_BROWSER !== null)('the playground', () => {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-playground-'));
  let server: ServerProcess;
  let browser: Browser;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(folder), startBrowser()]);
  });

  afterAll(async () => {
    await browser?.close();
    await endAll();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(): Promise<string | null> {
    const response = await browser.page.goto(`${server.url}/graphql`);
    await browser.page.locator('.graphiql-execute-button').waitFor();
    return (await response?.headerValue('content-security-policy')) ?? null;
  }

  /** Chooses an operation from the execute menu; resolves to what the server answered once the page shows it. */
  async function run(operation: string): Promise<Answer> {
    const { page } = browser;
    const answered = page.waitForResponse(
      (response) => response.request().postData()?.includes(`"operationName":"${operation}"`) ?? false,
    );
    await page.locator('.graphiql-execute-button').click();
    await page.getByRole('menuitem', { name: operation, exact: true }).click();
    const answer = (await (await answered).json()) as Answer;
    const shown = answer.data === undefined || answer.data === null ? 'errors' : Object.keys(answer.data)[0];
    await page.locator('.result-window').getByText(`"${shown}"`).first().waitFor();
    return answer;
  }

  /** Pasted and not typed: to typing the editor adds quotes and brackets of its own. */
  async function pasteInto(tool: 'Headers' | 'Variables', value: object): Promise<void> {
    const { page, context } = browser;
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
    await page.evaluate((text) => navigator.clipboard.writeText(text), JSON.stringify(value));
    await page.getByRole('button', { name: tool }).click();
    await page.locator('.graphiql-editor-tool .monaco-editor:visible').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Control+V');
  }

  const cookies = () => browser.context.cookies(server.url);
  const openTab = async (index: number) => {
    // By the keyboard: GraphiQL takes many a click for the beginning of a drag, which opens nothing.
    await browser.page.locator('.graphiql-tab-button').nth(index).press('Enter');
    await browser.page.locator(`.graphiql-tab-active:nth-child(${index + 1})`).waitFor();
  };
  const tabs = () => browser.page.locator('.graphiql-tab-button').allTextContents();
  const accessTokenOf = (answer: Answer, operation: string) => {
    const tokens = answer.data?.[operation]?.['tokens'] as { accessToken: string } | undefined;
    return tokens?.accessToken ?? '';
  };
  const deviceNames = ({ data }: Answer) => {
    const sessions = data?.['viewer']?.['sessions'] as
      | { edges: { node: { deviceName: string } }[] }
      | undefined;
    return sessions?.edges.map(({ node }) => node.deviceName);
  };

  test('opens under a policy that allows this server and nobody else', async () => {
    const policy = await open();
    expect(policy).toMatch(/default-src 'none'; script-src 'sha256-[A-Za-z0-9+/=]+'/);
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toContain('unsafe-eval');
    await browser.page
      .locator('.graphiql-doc-explorer, [aria-label="Show Documentation Explorer"]')
      .waitFor();
    expect([...browser.hosts]).toEqual([new URL(server.url).host]);
  });

  test('reads the schema, and offers its documentation', async () => {
    await browser.page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await browser.page.getByRole('link', { name: 'Mutation' }).click();
    await browser.page.getByText('Makes an account and signs it in on this device.').waitFor();
    await browser.page.getByRole('button', { name: 'Hide Documentation Explorer' }).click();
  });

  test('opens the same tabs again after a reload, typed in or not', async () => {
    await open();
    expect(await tabs()).toEqual(['Register', 'SessionEvents', 'Activity']);
  });

  test('Devices asks for an access token as long as nobody is signed in', async () => {
    expect((await run('Devices')).errors?.[0]?.extensions).toEqual({
      code: 'UNAUTHENTICATED',
      reason: 'missing',
    });
  });

  test('a link lays no operation under the play button', async () => {
    const { page } = browser;
    const operation = encodeURIComponent('mutation Stranger { logout { accessTokensDeadBy } }');
    // Not by the browser, which would complain of the refusal.
    const answered = await fetch(`${server.url}/graphql?qu%65ry=${operation}`, {
      headers: { accept: 'text/html' },
    });
    expect(answered.headers.get('content-type')).not.toContain('text/html');
    await page.goto(`${server.url}/graphql?from=elsewhere#query=${operation}`);
    await page.locator('.graphiql-execute-button').waitFor();
    expect(page.url()).toBe(`${server.url}/graphql`);
    expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain('Stranger');
    // The first is named after the operation that was run last, or not yet.
    expect((await tabs()).slice(1)).toEqual(['SessionEvents', 'Activity']);
  });

  test('Register signs in: the access token is in the answer, the refresh token only in a cookie', async () => {
    const answer = await run('Register');
    expect(answer.data?.['register']?.['__typename']).toBe('RegisterSuccess');
    expect(accessTokenOf(answer, 'register').split('.')).toHaveLength(3);
    expect(JSON.stringify(answer)).not.toContain('cfr_');
  });

  test('Chromium stores the cookie on http://localhost with its prefix, out of the reach of scripts', async () => {
    expect(await cookies()).toMatchObject([
      { name: '__Host-counterfoil', path: '/', secure: true, httpOnly: true, sameSite: 'Strict' },
    ]);
    expect(await browser.page.evaluate('document.cookie')).toBe('');
  });

  test('from then on Devices takes the token of the answer, and one in the headers goes first', async () => {
    expect(deviceNames(await run('Devices'))).toEqual(['Playground']);
    await pasteInto('Headers', { Authorization: 'Bearer nonsense' });
    expect((await run('Devices')).errors?.[0]?.extensions?.reason).toBe('invalid');
    await pasteInto('Headers', { Authorization: '', 'X-Mine': 'kept' });
    expect(deviceNames(await run('Devices'))).toEqual(['Playground']);
  });

  test('Login signs this browser in anew: the session of the cookie it had is over', async () => {
    const answer = await run('Login');
    expect(answer.data?.['login']?.['__typename']).toBe('LoginSuccess');
    expect(JSON.stringify(answer)).not.toContain('cfr_');
    expect(deviceNames(await run('Devices'))).toEqual(['Playground']);
  });

  test('SessionEvents stays open, and shows another device that signs in', async () => {
    const { page } = browser;
    await openTab(1);
    await page.locator('.graphiql-execute-button').click();
    await page.getByRole('menuitem', { name: 'SessionEvents', exact: true }).click();
    await page.getByRole('button', { name: /Stop/ }).waitFor();
    // It is open when it is, and says so by nothing: sign in until it tells.
    await expect
      .poll(async () => {
        await mutate(server.url, 'login', { ...ROBIN, deviceName: 'Elsewhere' });
        return page.locator('.result-window').getByText('DeviceSignedInEvent').count();
      })
      .toBeGreaterThan(0);
    await page.getByRole('button', { name: /Stop/ }).click();
  });

  test('SecondDevice adds a device and leaves the browser signed in; LogoutOthers ends it, and goes on', async () => {
    const { data } = await run('SecondDevice');
    expect(data?.['login']?.['__typename']).toBe('LoginSuccess');
    await openTab(0);
    expect(deviceNames(await run('Devices'))?.slice(0, 1)).toEqual(['Second device']);
    await openTab(1);
    expect((await run('LogoutOthers')).data?.['logoutAllDevices']?.['__typename']).toBe(
      'LogoutAllDevicesSuccess',
    );
    await openTab(0);
    expect(deviceNames(await run('Devices'))).toEqual(['Playground']);
  });

  test('what signs another device in leaves the browser as it is, its refresh token asked for or not', async () => {
    const own = await browser.page.evaluate('sessionStorage["counterfoil:access-token"]');
    const input = JSON.stringify({ ...ROBIN, deviceName: 'Third device', delivery: 'BODY' });
    const query = `mutation($input: LoginInput!) { login(input: $input) { ... on LoginSuccess { tokens { accessToken } } } }`;
    const body = JSON.stringify({ query, variables: { input: JSON.parse(input) } });
    const other = await browser.page.evaluate(`fetch('/graphql', {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(body)},
    }).then((answer) => answer.json()).then(({ data }) => data.login.tokens.accessToken)`);
    expect(other).not.toBe(own);
    expect(await browser.page.evaluate('sessionStorage["counterfoil:access-token"]')).toBe(own);
    await openTab(1);
    expect((await run('LogoutOthers')).data?.['logoutAllDevices']?.['__typename']).toBe(
      'LogoutAllDevicesSuccess',
    );
    await openTab(0);
  });

  test('LogoutDevice ends the device that the variables name', async () => {
    await openTab(1);
    const session = (await run('SecondDevice')).data?.['login']?.['session'] as { id: string };
    await pasteInto('Variables', session);
    expect((await run('LogoutDevice')).data?.['logoutDevice']).toMatchObject({
      session: { deviceName: 'Second device' },
    });
  });

  test('RotateSigningKey is for operators, and says so', async () => {
    await openTab(2);
    expect((await run('RotateSigningKey')).errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    await openTab(0);
  });

  test('Refresh works by the cookie alone, and the cookie moves on', async () => {
    const [before] = await cookies();
    const answer = await run('Refresh');
    const [after] = await cookies();
    expect(answer.data?.['refresh']?.['__typename']).toBe('RefreshSuccess');
    expect(after?.value).toMatch(/^cfr_/);
    expect(after?.value).not.toBe(before?.value);
  });

  test('what is typed never comes into the address of the page', async () => {
    const { page } = browser;
    await page.locator('.graphiql-query-editor .monaco-editor').click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.insertText('# secret ');
    await expect.poll(() => page.evaluate('localStorage["graphiql:query"]')).toContain('# secret #');
    expect(page.url()).toBe(`${server.url}/graphql`);
  });

  test('tabs and headers are still there after a reload, and who was signed in still is', async () => {
    await expect.poll(() => browser.page.evaluate('JSON.stringify(localStorage)')).toContain('X-Mine');
    await open();
    expect(await tabs()).toHaveLength(3);
    expect(deviceNames(await run('Devices'))).toEqual(['Playground']);
  });

  test('LogoutEverywhere ends this device, and clears from the browser the cookie and the token', async () => {
    const { data } = await run('LogoutEverywhere');
    expect(data?.['logoutAllDevices']).toMatchObject({ sessionsEnded: 1 });
    expect(await cookies()).toEqual([]);
    expect((await run('Devices')).errors?.[0]?.extensions).toEqual({
      code: 'UNAUTHENTICATED',
      reason: 'missing',
    });
    expect((await run('Refresh')).data?.['refresh']?.['__typename']).toBe('RefreshTokenInvalid');
  });

  test('nothing was complained of, and no other host was asked for anything', () => {
    expect(browser.complaints).toEqual([]);
    expect([...browser.hosts]).toEqual([new URL(server.url).host]);
  });
});
