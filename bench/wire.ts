/**
 * One kept HTTP/1.1 connection of a load: a POST at a time, written and read by hand, since a general client would cost
 * the load's core more than the server's. Reads only what our servers send: a length, and no chunks.
 */

import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(fault: Error): void;
}

const NOTHING = Buffer.alloc(0);

export class Wire {
  readonly #socket: Socket;
  readonly #host: string;
  #received: Buffer = NOTHING;
  #waiting: Waiting | null = null;

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', (fault) => this.#fail(fault));
    socket.on('close', () => this.#fail(new Error('the connection was closed')));
  }

  static open(url: string): Promise<Wire> {
    const { hostname, port, host } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port) });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Wire(socket, host));
      });
    });
  }

  get idle(): boolean {
    return this.#waiting === null;
  }

  /** One at a time: rejects where the last answer is still to come. */
  post(body: string, bearer: string | null = null): Promise<Answer> {
    if (this.#waiting !== null) return Promise.reject(new Error('the last answer is still to come'));
    const authorization = bearer === null ? '' : `authorization: Bearer ${bearer}\r\n`;
    const answer = new Promise<Answer>((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
    this.#socket.write(
      `POST /graphql HTTP/1.1\r\nhost: ${this.#host}\r\ncontent-type: application/json\r\n${authorization}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    return answer;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#received.toString('latin1', 0, end);
    const [, length] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? [];
    if (length === undefined) {
      this.#fail(new Error('an answer without a length'));
      return;
    }
    const whole = end + 4 + Number(length);
    if (this.#received.length < whole) return;
    const body = this.#received.toString('utf8', end + 4, whole);
    this.#received = this.#received.subarray(whole);
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve({ status: Number(head.slice(9, 12)), body });
  }

  #fail(fault: Error): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.reject(fault);
    this.#socket.destroy();
  }
}
