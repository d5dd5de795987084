/** The verdicts on expiry, the leaked key, the stolen phone and pushing follow from what was seen: other figures give others. */

import { describe, expect, it } from 'vitest';
import { MODELS, type Model, type Observation } from '../../../lab/harness/observation.js';
import { reading as expiry } from '../../../lab/readings/expiry.js';
import { reading as leakedKey } from '../../../lab/readings/leaked-key.js';
import { reading as pushing } from '../../../lab/readings/pushing.js';
import { reading as stolenPhone } from '../../../lab/readings/stolen-phone.js';
import { resultsOf, seen } from './sample.js';

const PROCESSES = ['same process', 'second process'];

/** How many of three visitors each setting signs out too early, in a single situation. */
function expiryRun(out: { stateful: number; short: number; long: number; hybrid: number }): Observation[] {
  const settings: [Model, string, number][] = [
    ['stateful', 'stateful', out.stateful],
    ['stateless', 'stateless, short token', out.short],
    ['stateless', 'stateless, long token', out.long],
    ['hybrid', 'hybrid', out.hybrid],
  ];
  return settings.map(([model, setting, value]) => {
    const about = { family: 'waiting', case: 'idle', clients: 3, promised: true, ownPromise: true };
    return seen('signed out', model, { setting, ...about }, value);
  });
}

describe('the reading of expiry', () => {
  const verdict = (...[out]: Parameters<typeof expiryRun>) => expiry.read(resultsOf(expiryRun(out))).verdict;

  it('confirms the claim where sessions sign people out and no token does', () => {
    expect(verdict({ stateful: 3, short: 0, long: 0, hybrid: 0 })).toBe('holds');
  });

  it('refutes it where no token does better than sessions', () => {
    expect(verdict({ stateful: 0, short: 3, long: 0, hybrid: 3 })).toBe('fails');
  });

  it('says that it depends where only one kind of token does better', () => {
    expect(verdict({ stateful: 3, short: 3, long: 0, hybrid: 0 })).toBe('depends');
  });

  it('compares only what was measured in every setting', () => {
    const [stateful, ...others] = expiryRun({ stateful: 0, short: 3, long: 0, hybrid: 0 });
    expect(stateful).toBeDefined();
    expect(expiry.read(resultsOf(others)).verdict).toBe('not measured');
  });

  it('names where the hybrid model loses', () => {
    const family = { family: 'races', case: 'two tabs at once, a key of its own each', clients: 3 };
    const race = ['stateful', 'stateless, short token', 'stateless, long token', 'hybrid'].map((setting) =>
      seen(
        'signed out',
        'hybrid',
        { setting, ...family, promised: true, ownPromise: true },
        setting === 'hybrid' ? 3 : 0,
      ),
    );
    expect(expiry.read(resultsOf(race)).choose).toContain('“two tabs at once, a key of its own each”');
  });
});

interface Leak {
  /** The models in which a forgery is accepted. */
  readonly forged: readonly Model[];
  /** The models in which honest users must sign in again. */
  readonly again: readonly Model[];
  /** The models in which the forgery goes on after the revocation. */
  readonly alive?: readonly Model[];
}

function leakRun({ forged, again, alive = [] }: Leak): Observation[] {
  return MODELS.flatMap((model) => [
    seen('accepted', model, { forgery: 'the victim' }, forged.includes(model)),
    seen('revocation', model, {}, 20),
    seen('honest users', model, { outcome: 'must sign in again', of: 10 }, again.includes(model) ? 10 : 0),
    ...(forged.includes(model)
      ? PROCESSES.map((process) => seen('dead', model, { process }, !alive.includes(model)))
      : []),
  ]);
}

describe('the reading of the leaked key', () => {
  const verdict = (leak: Leak) => leakedKey.read(resultsOf(leakRun(leak))).verdict;

  it('says that it depends where the hybrid model recovers and the stateless one does not', () => {
    expect(verdict({ forged: ['stateless', 'hybrid'], again: ['stateless'] })).toBe('depends');
  });

  it('confirms the claim where neither recovers', () => {
    const forged = ['stateless', 'hybrid'] as const;
    expect(verdict({ forged, again: ['stateless', 'hybrid'] })).toBe('holds');
    expect(verdict({ forged, again: ['stateless'], alive: ['hybrid'] })).toBe('holds');
  });

  it('refutes it where no forgery is accepted', () => {
    expect(verdict({ forged: [], again: [] })).toBe('fails');
  });

  it('says nothing without figures', () => {
    expect(leakedKey.read(resultsOf([])).verdict).toBe('not measured');
  });
});

/** A run in which a logout of all devices ends the phone's credential in these models. */
const phoneRun = (ended: readonly Model[]) =>
  MODELS.flatMap((model) =>
    PROCESSES.map((process) => seen('dead', model, { process, sessions: 10 }, ended.includes(model))),
  );

describe('the reading of the stolen phone', () => {
  const verdict = (ended: readonly Model[]) => stolenPhone.read(resultsOf(phoneRun(ended))).verdict;

  it('says that it depends where the hybrid model ends what the stateless one cannot', () => {
    expect(verdict(['stateful', 'hybrid'])).toBe('depends');
  });

  it('confirms the claim where no model with tokens ends it, and refutes it where the stateless one does', () => {
    expect(verdict(['stateful'])).toBe('holds');
    expect(verdict(['stateful', 'stateless', 'hybrid'])).toBe('fails');
  });

  it('says nothing without figures', () => {
    expect(stolenPhone.read(resultsOf([])).verdict).toBe('not measured');
  });
});

describe('the reading of pushing', () => {
  const seenOfAll = (metric: string, value: number, models: readonly Model[] = MODELS) =>
    models.map((model) => seen(metric, model, { clients: 20 }, value));
  const measured = [
    ...seenOfAll('reached', 1),
    ...seenOfAll('lag p50', 300),
    ...seenOfAll('lag p99', 400),
    ...seenOfAll('memory per connection', 35_000),
  ];
  const stalled = (reached: number, dropped: number, models: readonly Model[] = MODELS) => [
    ...seenOfAll('reached beside stalled', reached, models),
    ...seenOfAll('stalled and dropped', dropped, models),
  ];
  const because = (...more: Observation[]) => pushing.read(resultsOf([...measured, ...more])).because;

  it('compares how soon a message is heard, and what a connection costs', () => {
    const rows = pushing.read(resultsOf(measured)).comparison?.map(({ cells }) => cells.hybrid);
    expect(rows).toEqual(['100 %', '300 ms, 400 ms', '35 kB', 'not measured']);
  });

  it('says what the others hear while some do not read, as it is in the worst model, and nothing where it was not tried', () => {
    expect(because(...stalled(1, 1))).toContain('in every model, 100 %; of those ten 100 % were cut off');
    const worse = [...stalled(1, 1, ['stateful', 'hybrid']), ...stalled(0.5, 0.2, ['stateless'])];
    expect(because(...worse)).toContain('at least 50 %; of those ten at least 20 %');
    expect(because()).not.toContain('stopped reading');
    expect(because(...stalled(1, 1, ['hybrid']))).not.toContain('stopped reading');
  });
});
