/** A reporter that closes a run with one plain line, `tests: N passed, N failed`, for scripts to read. */

import type { Reporter, SerializedError, TestModule } from 'vitest/node';

export default class Tally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    let passed = 0;
    // An error outside of any test, in a module or between tests, fails the run and so must count.
    let failed = unhandled.length;
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        if (state === 'failed') failed += 1;
      }
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
    }
    process.stdout.write(`tests: ${passed} passed, ${failed} failed\n`);
  }
}
