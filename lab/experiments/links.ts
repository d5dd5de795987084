/**
 * Links stay shareable: the same addresses opened by their owner, by another user, by nobody and by the next user of the
 * same browser, by cookie in Chromium and by bearer token from a program: whose data came. Meanwhile every address,
 * Referer and line of the server's log is written down and searched for every credential issued. One step per model and
 * round, about 5 s in both modes.
 */

import { type Bench, type Experiment, stepsOfModels } from '../harness/experiment.js';
import type { Factor, Model, Observation } from '../harness/observation.js';
import { freshProfile, newPerson, openPage, startSite } from '../harness/site.js';
import { openEverything, type Scene } from './links/openers.js';
import { countWith, issuedBy, type Written, writtenIn } from './links/search.js';
import { observeCredentialsInAddresses } from './links/url-credentials.js';

export const experiment: Experiment = {
  name: 'links',
  title: 'Links that can be shared',
  steps: (plan) => stepsOfModels(plan, measure),
};

async function measure(model: Model, round: number, { folder, say }: Bench): Promise<Observation[]> {
  const site = await startSite({ model, folder, ports: 1, allowed: () => [], logLevel: 'debug' });
  const observations: Observation[] = [];
  const note = (metric: string, factors: Readonly<Record<string, Factor>>, value: Factor) =>
    observations.push({ metric, unit: '', model, factors, round, value });
  const [urls, referers]: [string[], string[]] = [[], []];
  const scene: Scene = {
    site,
    note,
    newcomer: async () => {
      const profile = await freshProfile(site);
      profile.on('request', (request) => {
        urls.push(request.url());
        referers.push(request.headers()['referer'] ?? '');
      });
      return await openPage(profile, site.origin);
    },
  };
  const search = (metric: string, credentials: ReadonlySet<string>, written: Written) => {
    for (const [where, texts] of Object.entries(written)) {
      note(metric, { where }, countWith(credentials, texts));
      note('searched', { where, search: metric }, texts.length);
    }
  };
  try {
    const people = { owner: await newPerson(site, 'owner'), other: await newPerson(site, 'other') };
    say('opening links');
    const bearers = await openEverything(scene, people);
    const issued = new Set([
      ...[people.owner, people.other].flatMap((person) => person.issued),
      ...bearers,
      ...issuedBy(site.front.passed),
    ]);
    note('credentials issued', {}, issued.size);
    search('credentials found', issued, writtenIn(site, urls, referers));
    say('putting credentials into addresses');
    await observeCredentialsInAddresses(scene, [...bearers]);
    search('planted found', issued, writtenIn(site, urls, referers));
    return observations;
  } finally {
    await site.end();
  }
}
