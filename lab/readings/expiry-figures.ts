/** The plots of expiry. */

import * as Plot from '@observablehq/plot';
import type { Figure } from '../harness/reading.js';
import type { Results } from '../harness/results.js';
import { FAMILIES, SETTINGS, shareOf, signedOut, spurious, worded } from './expiry-facts.js';

export function figures(results: Results): Figure[] {
  const shares = Object.entries(FAMILIES).flatMap(([family, trouble]) =>
    SETTINGS.flatMap((setting) => {
      const found = spurious(results, setting, { family });
      return found === null ? [] : [{ setting, trouble, share: shareOf(found) * 100, words: worded(found) }];
    }),
  );
  const ownClock = results.levels('signed out', 'skew').flatMap((skew) =>
    SETTINGS.flatMap((setting) => {
      const found = signedOut(results, setting, { family: 'skew', renews: 'by its own clock', skew });
      return found === null ? [] : [{ setting, skew, share: shareOf(found) * 100 }];
    }),
  );
  return [
    {
      name: 'expiry-signed-out',
      title: 'Signed out too early, by what went wrong',
      description:
        'For each kind of trouble and each setting, the share of visitors who had to sign in again although the configured lifetimes had not passed.',
      plot: {
        height: 420,
        marginLeft: 160,
        marginRight: 170,
        x: { label: 'visitors signed out too early (%)', domain: [0, 100], grid: true },
        y: { label: null, domain: [...SETTINGS] },
        fy: { label: null, domain: Object.values(FAMILIES) },
        color: { domain: [...SETTINGS] },
        marks: [
          Plot.barX(shares, { x: 'share', y: 'setting', fy: 'trouble', fill: 'setting' }),
          Plot.text(shares, {
            x: 'share',
            y: 'setting',
            fy: 'trouble',
            text: 'words',
            textAnchor: 'start',
            dx: 5,
          }),
          Plot.ruleX([0]),
        ],
      },
    },
    {
      name: 'expiry-skew',
      title: 'Signed out by a wrong clock',
      description:
        'The share of visitors in steady use who were signed out, against how far the clock by which they renew is wrong, for each setting; tokens live for 300 seconds and are renewed 60 seconds before they end.',
      // One below the other: most of the lines lie on each other.
      plot: {
        height: 460,
        marginRight: 170,
        x: { label: 'clock ahead of the true time (s)', grid: true },
        y: { label: 'visitors signed out (%)', domain: [0, 100], ticks: [0, 50, 100], grid: true },
        fy: { label: null, domain: [...SETTINGS], padding: 0.25 },
        color: { domain: [...SETTINGS] },
        symbol: { domain: [...SETTINGS] },
        marks: [
          Plot.ruleY([0]),
          Plot.line(ownClock, { x: 'skew', y: 'share', fy: 'setting', stroke: 'setting', sort: 'skew' }),
          Plot.dot(ownClock, {
            x: 'skew',
            y: 'share',
            fy: 'setting',
            stroke: 'setting',
            symbol: 'setting',
            r: 4,
          }),
        ],
      },
    },
  ];
}
