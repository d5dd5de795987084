import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mutation } from '../support/api.js';
import { type Loopback, startLoopback } from '../support/loopback.js';

const PREFIX = 'cfr_';
const BODY_BYTES = 42;

/** The bytes changed, and the checksum made right again: only the tag can tell that this token is forged. */
function forged(token: Buffer, change: (bytes: Buffer) => void): string {
  const bytes = Buffer.from(token);
  change(bytes);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, BODY_BYTES)), BODY_BYTES);
  return PREFIX + bytes.toString('base64url');
}

describe('a refresh token forged with a right checksum', () => {
  let at: Loopback;
  beforeAll(async () => {
    at = await startLoopback();
  });
  afterAll(() => at.stop());

  it('is refused whichever bit was changed, changes nothing and ends nothing', async () => {
    const [ada, bob] = [await at.signedIn('ada@example.test'), await at.signedIn('bob@example.test')];
    const bytesOf = (token: string | null) => Buffer.from((token ?? '').slice(PREFIX.length), 'base64url');
    const good = bytesOf(ada.refreshToken);
    const other = bytesOf(bob.refreshToken);
    expect(forged(good, () => {})).toBe(ada.refreshToken);
    const tokens = [
      ...Array.from({ length: BODY_BYTES * 8 }, (_, bit) =>
        forged(good, (bytes) => bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)),
      ),
      forged(good, (bytes) => other.copy(bytes, 2, 2, 18)),
      forged(good, (bytes) => other.copy(bytes, 22, 22, BODY_BYTES)),
      forged(good, (bytes) => bytes.writeUInt32BE(0xffffffff, 18)),
      forged(good, (bytes) => bytes.fill(0, 22, BODY_BYTES)),
    ];
    const before = await at.dump();
    for (const refreshToken of tokens) {
      const answer = await at.post(mutation('refresh'), { input: { refreshToken } });
      const { data } = (await answer.json()) as { data: { refresh: { __typename: string } } };
      // With another session's id the session is unknown, and with it the salt that the tag would be checked by.
      expect(['RefreshTokenInvalid', 'SessionEnded']).toContain(data.refresh.__typename);
    }
    expect(await at.dump()).toEqual(before);
    expect((await ada.refresh()).__typename).toBe('RefreshSuccess');
  });
});
