import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rotateSigningKey } from '../../../src/account/signing-keys.js';
import { type App, createApp } from '../../../src/app.js';
import { configFrom } from '../../../src/config/settings.js';

const OPERATOR = { userId: null, caller: { ipAddress: null, clientLabel: null } };

describe('two nodes told to rotate at once', () => {
  let folder: string;
  let nodes: App[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rotate-'));
    const config = configFrom({ database: `file:${join(folder, 'a.db')}` });
    nodes = [await createApp(config), await createApp(config)];
    for (const node of nodes) await node.start();
  });
  afterEach(async () => {
    for (const node of nodes) await node.stop();
    rmSync(folder, { recursive: true });
  });

  it.each([true, false])(
    'make one new key between them and give the same answer (force: %s)',
    async (force) => {
      const before = nodes[0]?.parts.keyring.ring.signer().kid;
      const wish = { algorithm: null, force };
      const outcomes = await Promise.all(nodes.map((node) => rotateSigningKey(node.parts, wish, OPERATOR)));
      const [first, second] = outcomes.map((outcome) =>
        outcome.kind === 'rotated'
          ? [outcome.active.kid, outcome.standby.kid, outcome.retired?.kid, outcome.activatesAt]
          : null,
      );
      expect(first).toEqual(second);
      for (const node of nodes) await node.parts.keyring.reload();
      const keys = nodes[0]?.parts.keyring.ring.keys() ?? [];
      expect(keys.filter(({ state }) => state.kind === 'active')).toHaveLength(1);
      expect(keys).toHaveLength(force ? 3 : 2);
      expect(nodes[0]?.parts.keyring.ring.signer().kid === before).toBe(!force);
      expect(nodes[1]?.parts.keyring.ring.signer().kid).toBe(nodes[0]?.parts.keyring.ring.signer().kid);
    },
  );
});
