/**
 * What opaque tokens are made of, byte by byte, with what of them a page may know filled in: the session's id. The rest
 * travels in a cookie that no script can read. Pure; a test holds the layout against the server's own reader.
 */

import { bytesOf } from './decode.js';

export interface TokenPart {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  /** Two digits a byte; null for what cannot be known here. */
  readonly hex: readonly (string | null)[];
  readonly meaning: string;
  /** What follows from it. */
  readonly why: string;
}

const unknown = (bytes: number): null[] => Array.from({ length: bytes }, () => null);
const hexOf = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));

/** `cfr_` and 46 bytes in base64url. */
export function refreshTokenParts(sessionId: string): readonly TokenPart[] {
  return [
    {
      id: 'version',
      name: 'Version',
      bytes: 1,
      hex: ['01'],
      meaning: 'Which layout the rest has. There is one so far.',
      why: 'The format can change without anybody guessing which is which.',
    },
    {
      id: 'key',
      name: 'Key',
      bytes: 1,
      hex: unknown(1),
      meaning: 'Which of the server’s refresh secrets made the tag.',
      why: 'The secret can be changed while tokens of the one before are still good.',
    },
    {
      id: 'session',
      name: 'Session id',
      bytes: 16,
      hex: hexOf(bytesOf(sessionId)),
      meaning: 'Which row this is the ticket of. It is no secret: it stands in the access token, too.',
      why: 'One look-up by key finds the row, however many sessions there are.',
    },
    {
      id: 'generation',
      name: 'Generation',
      bytes: 4,
      hex: unknown(4),
      meaning: 'How often the session had been refreshed when this token was made.',
      why: 'Beside the row’s own counter it says whether this token is the newest, the one before, or an old one that somebody kept.',
    },
    {
      id: 'tag',
      name: 'Tag',
      bytes: 20,
      hex: unknown(20),
      meaning:
        'The proof: HMAC-SHA-256 over “refresh”, session id and generation, by a key made from the server’s secret and the row’s salt.',
      why: 'Nobody can count the generation up by hand. And the server can make any token again, so it stores none.',
    },
    {
      id: 'checksum',
      name: 'Checksum',
      bytes: 4,
      hex: unknown(4),
      meaning: 'CRC-32 of all before it. It proves nothing.',
      why: 'Scanners that look for leaked secrets can tell a real token from noise, and typing errors are refused at once.',
    },
  ];
}

/** `cfs_` and 37 bytes in base64url. The row keeps the SHA-256 of the secret, half of which is the session's id. */
export function sessionTokenParts(): readonly TokenPart[] {
  return [
    {
      id: 'version',
      name: 'Version',
      bytes: 1,
      hex: ['01'],
      meaning: 'Which layout the rest has. There is one so far.',
      why: 'The format can change without anybody guessing which is which.',
    },
    {
      id: 'secret',
      name: 'Secret',
      bytes: 32,
      hex: unknown(32),
      meaning: '256 random bits. They mean nothing, and nobody can guess them.',
      why: 'The server keeps only their fingerprint, SHA-256, from which nobody can find them again.',
    },
    {
      id: 'checksum',
      name: 'Checksum',
      bytes: 4,
      hex: unknown(4),
      meaning: 'CRC-32 of all before it. It proves nothing.',
      why: 'Scanners that look for leaked secrets can tell a real token from noise, and typing errors are refused at once.',
    },
  ];
}

export function bytesIn(parts: readonly TokenPart[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}
