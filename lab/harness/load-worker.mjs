/**
 * The process that makes the load: options from standard input, figures to standard output, both JSON. It is started
 * for each load, so it is JavaScript: compiling it would take longer than many a load lasts.
 */

import { createHistogram } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';
import autocannon from 'autocannon';

/** @type {Required<import('./load.js').LoadOptions>} */
const { url, path, method, requests, connections, seconds, expect } = JSON.parse(await text(process.stdin));

let unexpected = 0;
let next = 0;
// autocannon's own histogram has whole milliseconds; these are microseconds.
const latency = createHistogram();

const load = autocannon({
  url: `${url}${path}`,
  connections,
  duration: seconds,
  // It stops at the end of a sample only.
  sampleInt: Math.min(1000, seconds * 1000),
  requests: [
    {
      method,
      path,
      setupRequest: (request) => {
        const { body, headers } = requests[next++ % requests.length];
        return { ...request, ...(method === 'GET' ? {} : { body }), headers: { ...headers } };
      },
      onResponse: (status, body) => {
        if (status === 200 && !body.includes(expect)) unexpected += 1;
      },
    },
  ],
});
load.on('response', (_client, _status, _bytes, milliseconds) => {
  latency.record(Math.max(1, Math.round(milliseconds * 1000)));
});
const result = await load;
const milliseconds = (microseconds) => microseconds / 1000;
/** @type {import('./load.js').LoadFigures} */
const figures = {
  requestsPerSecond: result['2xx'] / result.duration,
  latency: {
    p50: milliseconds(latency.percentile(50)),
    p90: milliseconds(latency.percentile(90)),
    p99: milliseconds(latency.percentile(99)),
    most: milliseconds(latency.max),
  },
  answers: result['2xx'],
  bad: result.non2xx + result.errors + result.timeouts + unexpected,
};
process.stdout.write(JSON.stringify(figures));
