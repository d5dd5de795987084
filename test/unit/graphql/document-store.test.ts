import fc from 'fast-check';
import { Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { DocumentStore } from '../../../src/graphql/limits/document-store.js';

describe('the store of parsed documents', () => {
  it('keeps no more source than its bound, comments counted, whatever comes', async () => {
    const sizes = fc.array(fc.nat(400), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(sizes, async (comments) => {
        const most = 2_000;
        const store = new DocumentStore(most);
        const sources = comments.map((count, at) => `{ a${at} }${'#\n'.repeat(count)}`);
        for (const source of sources) await store.set(source, parse(source));
        for (const source of sources.slice(-1).filter(({ length }) => length <= most / 2))
          expect(await store.get(source)).toBeDefined();
        const kept: string[] = [];
        for (const source of sources) if ((await store.get(source)) !== undefined) kept.push(source);
        expect(kept.join('').length).toBeLessThanOrEqual(most + 1_000);
      }),
    );
  });

  it('keeps nothing of a refused document, and no end of tiny ones neither', async () => {
    const store = new DocumentStore(10_000);
    await store.set('refused', { kind: Kind.DOCUMENT, definitions: [] });
    expect(await store.get('refused')).toBeUndefined();
    for (let at = 0; at < 1_000; at++) await store.set(`a${at}`, parse(`{a${at}}`));
    let kept = 0;
    for (let at = 0; at < 1_000; at++) if ((await store.get(`a${at}`)) !== undefined) kept += 1;
    expect(kept).toBeLessThan(50);
  });

  it('forgets what it is told to forget', async () => {
    const store = new DocumentStore();
    await store.set('a', parse('{ a }'));
    await store.delete('a');
    expect(await store.get('a')).toBeUndefined();
  });
});
