import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifierFromBytes, isIdentifier, type UserId } from '../../../src/entities/identifier.js';
import { activityIds } from '../../../src/tokens/activity-id.js';

const SECRET = { version: 1, bytes: Buffer.alloc(32, 7) };
const owner = (byte: number) => identifierFromBytes<UserId>(Buffer.alloc(16, byte));
const ada = activityIds(SECRET, owner(1));
const sequences = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

describe('ids of activity', () => {
  it('are read as the number that they were written for, and the same each time', () => {
    fc.assert(
      fc.property(sequences, (sequence) => {
        const id = ada.write(sequence);
        expect(isIdentifier(id)).toBe(true);
        expect(activityIds(SECRET, owner(1)).write(sequence)).toBe(id);
        expect(ada.read(id)).toBe(sequence);
      }),
    );
  });

  it('of one owner are nothing to another, nor under another secret', () => {
    const id = ada.write(41);
    const other = activityIds(SECRET, owner(2));
    expect(other.write(41)).not.toBe(id);
    expect(other.read(id)).toBeNull();
    expect(activityIds({ version: 2, bytes: Buffer.alloc(32, 8) }, owner(1)).read(id)).toBeNull();
  });

  it('of neighbours share nothing that would tell how far apart they are', () => {
    const ids = Array.from({ length: 100 }, (_, index) => ada.write(index + 1));
    expect(new Set(ids.map((id) => id.slice(0, 6))).size).toBe(100);
    expect(new Set(ids.map((id) => id.slice(-6))).size).toBe(100);
  });

  it('are nothing else: no number, no other spelling, no other 16 bytes', () => {
    for (const text of ['', '0', '41', `${ada.write(41)}=`, ` ${ada.write(41)}`, ada.write(41).slice(1)])
      expect(ada.read(text)).toBeNull();
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        expect(ada.read(Buffer.from(bytes).toString('base64url'))).toBeNull();
      }),
    );
  });
});
