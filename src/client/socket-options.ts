/**
 * What graphql-ws has to be told so that a socket lives as long as the session and no longer: spread it into
 * `createClient({ url, ...socketOptions(client) })`. It has nothing of graphql-ws in it.
 */

import { systemChance } from '../system/chance.js';
import type { ClientState } from './client-state.js';
import type { SessionClient } from './session-client.js';
import { sleep } from './sleep.js';

const TOKEN_NOT_GOOD = 4001;
/** No token to speak of, or a cookie that is of another session by now. */
const NOT_ADMITTED = 4401;
const FINAL = [4400, 4401, 4403, 4406, 4429];
const SESSION_OVER = 4403;
/** Ours: another has signed in, and the socket is of the one before. graphql-ws comes back. */
const SESSION_OTHER = 4002;
/** Ours: nothing comes through any more, and nobody has said so. */
const SILENT = 4408;
/** Between two signs of life that are asked for, and how long one may take. */
const ASK_MS = 30_000;
const ANSWER_MS = 10_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

interface Socket {
  send(text: string): void;
  close(code: number, reason: string): void;
  onclose: ((event: object) => void) | null;
  onmessage: unknown;
  onerror: unknown;
}

/** As much of graphql-ws's `ClientOptions` as is used. */
export interface SocketOptions {
  readonly connectionParams: () => Promise<Record<string, unknown>>;
  readonly shouldRetry: (fault: unknown) => boolean;
  readonly retryAttempts: number;
  readonly retryWait: (retries: number) => Promise<void>;
  readonly keepAlive: number;
  readonly connectionAckWaitTimeout: number;
  readonly on: {
    readonly connected: (socket: unknown) => void;
    readonly ping: (received: boolean, payload: Record<string, unknown> | undefined) => void;
    readonly pong: (received: boolean) => void;
    readonly closed: (event: unknown) => void;
  };
}

export function socketOptions(client: SessionClient): SocketOptions {
  let socket: Socket | null = null;
  let shown: string | null = null;
  /** Whose token that was. */
  let session: string | null = null;
  let unsubscribe = () => {};
  let silence: ReturnType<typeof setTimeout> | undefined;

  const sessionNow = () => (client.state.kind === 'signed-in' ? client.state.sessionId : null);

  /** The server refuses what is not of the session that is named beside it: a cookie, which others may have changed. */
  async function credential(): Promise<Record<string, unknown>> {
    do {
      session = sessionNow();
      shown = await client.accessToken();
    } while (session !== sessionNow());
    return session === null ? { accessToken: shown } : { accessToken: shown, sessionId: session };
  }

  // A session that has ended elsewhere is the server's to close, which says first why. It may not hear of a logout here.
  function closeIfNotOurs(state: ClientState): void {
    if (state.kind === 'signed-out' && state.because === 'logout') socket?.close(SESSION_OVER, 'Logged out');
    if (state.kind === 'signed-in' && state.sessionId !== session)
      socket?.close(SESSION_OTHER, 'Another session');
  }

  function endSilence(): void {
    clearTimeout(silence);
    silence = undefined;
  }

  /**
   * Nobody answers the closing of a silent socket, and graphql-ws waits for that answer. So it is told at once that the
   * socket is closed, as by its own `terminate`; what the socket may say later is of nobody.
   */
  function abandon(): void {
    if (socket === null) return;
    const silent = socket;
    const { onclose } = silent;
    silent.onclose = null;
    silent.onmessage = null;
    // That of `ws` throws where nobody listens.
    silent.onerror = () => {};
    const event = { code: SILENT, reason: 'No answer', wasClean: false };
    silent.close(event.code, event.reason);
    onclose?.call(silent, event);
  }

  /** The server asks for another token than the one it was shown. */
  async function renew(): Promise<void> {
    // Not that it has been refused: that counts against the one that comes in its place.
    if ((await client.accessToken()) === shown) await client.recheck();
    const payload = await credential();
    if (shown !== null) socket?.send(JSON.stringify({ type: 'pong', payload }));
  }

  return {
    connectionParams: credential,
    shouldRetry: (fault) => client.state.kind === 'signed-in' && !FINAL.includes(codeOf(fault) ?? 0),
    // For as long as somebody is signed in.
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (retries) => {
      const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(retries, 10));
      return sleep(longest * (0.5 + systemChance() / 2));
    },
    // A machine that slept, or a network that forgot the connection, tells nobody.
    keepAlive: ASK_MS,
    connectionAckWaitTimeout: ANSWER_MS,
    on: {
      connected: (opened) => {
        socket = opened as Socket;
        unsubscribe();
        unsubscribe = client.subscribe(closeIfNotOurs);
        closeIfNotOurs(client.state);
      },
      ping: (received, payload) => {
        if (!received) silence ??= setTimeout(abandon, ANSWER_MS);
        // Where that fails the server closes with 4001, and the connection is made anew.
        if (received && payload?.['renewWithinMs'] !== undefined) renew().catch(() => {});
      },
      pong: (received) => {
        if (received) endSilence();
      },
      closed: (event) => {
        const { target } = (event ?? {}) as { readonly target?: unknown };
        // Late, of one that another has taken the place of.
        if (socket !== null && target && target !== socket) return;
        socket = null;
        unsubscribe();
        endSilence();
        const code = codeOf(event);
        if (code === SESSION_OVER || code === NOT_ADMITTED) void client.recheck();
        if (code === TOKEN_NOT_GOOD) client.replace(shown).catch(() => {});
      },
    },
  };
}

function codeOf(event: unknown): number | null {
  const { code } = (event ?? {}) as { readonly code?: unknown };
  return typeof code === 'number' ? code : null;
}
