/** What learners are shown of tokens agrees with the server's own code for them. */

import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesIn, refreshTokenParts, sessionTokenParts } from '../../../console/src/pages/learn/anatomy.js';
import {
  CLAIM_NOTES,
  HEADER_NOTES,
  notesFor,
  STATELESS_CLAIM_NOTES,
} from '../../../console/src/pages/learn/claims.js';
import { bytesOf, readToken, textOf, withOneLetterChanged } from '../../../console/src/pages/learn/decode.js';
import type { SessionId } from '../../../src/entities/identifier.js';
import { writeRefreshToken } from '../../../src/tokens/refresh-token.js';
import { writeSessionToken } from '../../../src/tokens/session-token.js';
import { CLAIMS } from '../tokens/claims.js';

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const HEADER = { alg: 'ES256', typ: 'at+jwt', kid: 'a-key' };
const TOKEN = `${base64url(HEADER)}.${base64url(CLAIMS)}.${randomBytes(64).toString('base64url')}`;

describe('decoding', () => {
  it('gives back what was written', () => {
    expect(readToken(TOKEN)).toMatchObject({ header: HEADER, claims: CLAIMS, bytes: TOKEN.length });
  });

  it('takes nothing else for a token, and never throws', () => {
    for (const text of [
      '',
      'cfs_abc',
      'a.b',
      'a.b.c',
      '..',
      `${TOKEN}.x`,
      `${base64url([])}.${base64url({})}.AA`,
    ])
      expect(readToken(text), text).toBe(null);
    fc.assert(fc.property(fc.string(), (text) => void readToken(text)));
  });

  it('base64url there and back is the same', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(bytesOf(textOf(bytes))).toEqual(bytes);
        expect(textOf(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
      }),
    );
  });

  it('one changed letter changes the payload, and nothing else', () => {
    const [header, payload, signature] = TOKEN.split('.');
    const changed = withOneLetterChanged(TOKEN).split('.');
    expect([changed[0], changed[2]]).toEqual([header, signature]);
    const differing = [...(payload ?? '')].filter((letter, index) => letter !== changed[1]?.[index]);
    expect(differing).toHaveLength(1);
  });
});

describe('explanations', () => {
  it('there is one for each field that the server writes, and no other', () => {
    expect(HEADER_NOTES.map(({ name }) => name).sort()).toEqual(Object.keys(HEADER).sort());
    expect(CLAIM_NOTES.map(({ name }) => name).sort()).toEqual(Object.keys(CLAIMS).sort());
    const { epoch: _, ...claims } = CLAIMS;
    expect(STATELESS_CLAIM_NOTES.map(({ name }) => name).sort()).toEqual(Object.keys(claims).sort());
  });

  it('a field that nobody has explained is shown all the same', () => {
    expect(notesFor(CLAIM_NOTES, { iss: 'x', surprise: 1 }).map(({ name }) => name)).toEqual([
      'iss',
      'surprise',
    ]);
  });

  it('each says what it is, what is checked, and where that is written', () => {
    for (const { meaning, check, sources } of [...HEADER_NOTES, ...CLAIM_NOTES]) {
      expect(meaning).not.toBe('');
      expect(check).not.toBe('');
      expect(sources.length).toBeGreaterThan(0);
    }
  });
});

describe('anatomy', () => {
  const sessionId = randomBytes(16).toString('base64url') as SessionId;

  it('of a refresh token is that of a real one, byte by byte', () => {
    const token = writeRefreshToken({ version: 1, bytes: randomBytes(32) }, randomBytes(16), sessionId, 7);
    const bytes = Buffer.from(token.slice('cfr_'.length), 'base64url');
    const parts = refreshTokenParts(sessionId);
    expect(bytesIn(parts)).toBe(bytes.length);
    let offset = 0;
    for (const { hex } of parts)
      for (const digits of hex) {
        if (digits !== null) expect(bytes[offset]?.toString(16).padStart(2, '0')).toBe(digits);
        offset += 1;
      }
  });

  it('of a session token has the length of a real one', () => {
    const bytes = Buffer.from(writeSessionToken(randomBytes(32)).slice('cfs_'.length), 'base64url');
    expect(bytesIn(sessionTokenParts())).toBe(bytes.length);
  });

  it('each part has as many digits as bytes', () => {
    for (const { hex, bytes } of [...refreshTokenParts(sessionId), ...sessionTokenParts()])
      expect(hex).toHaveLength(bytes);
  });
});
