/** What the figures of expiry say: which model signs people out at odd moments, and by whose fault. */

import { DEFAULT_LIFETIMES } from '../harness/expiry-settings.js';
import type { Model } from '../harness/observation.js';
import type { Findings, Reading, Verdict } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { listed, NOT_MEASURED, percent } from './amounts.js';
import { SETTINGS, type Setting, spurious, type Trouble, troubleOf, worded } from './expiry-facts.js';
import { figures } from './expiry-figures.js';
import { cases, skews, summary } from './expiry-tables.js';

const RACES_WITH_KEYS = [
  'two tabs at once, one key that they share',
  'answer lost, asked again at once with the same key',
  'answer lost, asked again after the grace with the same key',
];
const SINCE_LAST_USE = 'idle for 98 % of the idle lifetime since the last use';
const STATELESS = ['stateless, short token', 'stateless, long token'] as const;

function verdictOn(results: Results): Verdict {
  const stateful = troubleOf(results, 'stateful');
  const stateless = STATELESS.map((setting) => troubleOf(results, setting));
  if (stateful === null) return 'not measured';
  const differences = stateless.map((trouble) => (trouble?.names.length ?? 0) - stateful.names.length);
  if (differences.every((difference) => difference < 0)) return 'holds';
  return differences.every((difference) => difference >= 0) ? 'fails' : 'depends';
}

function inWords(trouble: Trouble | null): string {
  return trouble === null ? NOT_MEASURED : `${trouble.names.length} of ${trouble.of}`;
}

function because(results: Results): string {
  const each = SETTINGS.map((setting) => `${inWords(troubleOf(results, setting))} (${setting})`);
  const clocks = SETTINGS.map((setting) => {
    const found = spurious(results, setting, { family: 'skew', renews: 'by its own clock' });
    return `${worded(found)} (${setting})`;
  });
  return `Situations in which people had to sign in again although no lifetime had passed: ${listed(each)}. Visitors signed out while they renewed by a clock of their own, wrong by up to two minutes: ${listed(clocks)}.`;
}

function choose(results: Results): string {
  const troubled = (setting: Setting) => troubleOf(results, setting)?.names ?? [];
  const [stateful, short, long, hybrid] = SETTINGS.map(troubled) as [string[], string[], string[], string[]];
  const most = Math.max(stateful.length, short.length, long.length, hybrid.length);
  const mistaken = hybrid.filter((name) => isRace(name) && !stateful.includes(name));
  const keysHelp = RACES_WITH_KEYS.every((name) => spurious(results, 'hybrid', { case: name })?.out === 0);
  const part = percent(DEFAULT_LIFETIMES.accessTtlMs / DEFAULT_LIFETIMES.idleTtlMs);
  const late = (name: string) => name === SINCE_LAST_USE;
  const said: [boolean, string][] = [
    [
      most > 0 && short.length === most,
      'A stateless token that is short enough to be safe is the worst choice for its users: a client that waits to be refused comes too late, because only a token that is still good can be renewed.',
    ],
    [long.length < short.length, 'A longer token is kinder to them, and to whoever steals it.'],
    [
      mistaken.length > 0,
      `The hybrid model loses to the stateful one in these situations: ${listed(mistaken.map(quoted))}. It takes a client that repeats itself for a thief.`,
    ],
    [
      mistaken.length > 0 && keysHelp,
      'A client that keeps its idempotency key with a renewal, and shares it with its other tabs, was never signed out so.',
    ],
    [
      hybrid.some(late),
      `The hybrid model counts idleness from the last renewal and not from the last use. That takes at most one access lifetime from the idle lifetime: with the defaults ${part} of it.`,
    ],
    [stateful.some(late), 'Nor does the stateful model write down every use.'],
  ];
  return said.flatMap(([applies, text]) => (applies ? [text] : [])).join(' ');
}

function isRace(name: string): boolean {
  return name.startsWith('two tabs') || name.startsWith('answer lost');
}

function quoted(name: string): string {
  return `“${name}”`;
}

function findings(results: Results): Findings {
  const cell = (setting: Setting) => inWords(troubleOf(results, setting));
  const [short, long] = STATELESS;
  const cells: Readonly<Record<Model, string>> = {
    stateful: cell('stateful'),
    stateless: `${cell(short)} with a short token, ${cell(long)} with a long one`,
    hybrid: cell('hybrid'),
  };
  return {
    verdict: verdictOn(results),
    because: because(results),
    tables: [
      summary(results),
      ...['waiting', 'boundary', 'races'].map((family) => cases(results, family)),
      skews(results),
    ],
    figures: figures(results),
    comparison: [{ measured: 'situations in which people are signed out too early', cells }],
    choose: choose(results),
    limits:
      "The situations are chosen to be hard, and each counts alike; how often real people are in them is not known, so no figure here is a rate of anything. Compared are those that were measured in every setting. The long token of the stateless model is what buys its visitors their peace, and what a thief enjoys just as long. The times in a JWT are whole seconds and a token's life is cut by up to 5 %, which weighs more on lifetimes of seconds than on those of days. Tabs are tried with the credential in the body; tabs of one browser that use the cookie always send the newest one, unless they send at once. The clock that runs fast is the server's; the visitors live by it, and their requests take longer by it than they would.",
  };
}

export const reading: Reading = {
  experiment: 'expiry',
  claim:
    'Sessions that expire cause trouble that is hard to find and to test: people are signed out at odd moments. Tokens do not have it.',
  method:
    'Simulated visitors, all of the same simple manner (on `UNAUTHENTICATED` renew and try again, and only if that fails show the sign-in page), against a server of each model with the same idle and absolute lifetimes; the stateless model once with a token as short as that of the hybrid model, and once with one as long as the idle lifetime. They are idle for a bit less and a bit more than each lifetime; they renew just before, at and just after the expiry they were told; two tabs renew one credential; answers are lost and asked for again. With clocks wrong by up to two minutes they renew a minute ahead of the expiry of a token of 300 s, by their own clock or corrected by `serverTime`; for these the clock of the server process runs many times as fast.',
  read: findings,
};
