/** What one process counts, as it counts it: refresh verdicts, the lag of revocations, the argon2 queue, push. */

import '../../styles/operator.css';
import '../../styles/operator-live.css';
import type { ReactNode } from 'react';
import { useServerInfo } from '../../data/server-info.js';
import { Button, FaultNotice, Notice, PageHeader, Select, Serial, Skeleton } from '../../kit/index.js';
import { samplesOf } from './figures-history.js';
import { HashingChart, LagChart, PushChart } from './line-charts.js';
import { LiveFigures } from './live-figures.js';
import { useFigures, type Watching } from './use-figures.js';
import { VerdictsChart } from './verdicts-chart.js';

export default function Live(): ReactNode {
  const watching = useFigures();
  const info = useServerInfo();
  const samples = samplesOf(watching.history);
  const newest = samples.at(-1) ?? null;
  const shown = { samples, now: newest?.at ?? 0 };
  const boundMs = info === null ? null : info.maxStaleness * 1_000;

  return (
    <>
      <PageHeader
        title="Live"
        lead="What the process that answers has counted: the last 5 minutes, while this page is open."
        actions={
          <Button
            aria-pressed={watching.isPaused}
            disabled={watching.fault !== null}
            onClick={() => watching.setPaused(!watching.isPaused)}
          >
            {watching.isPaused ? 'Go on' : 'Pause'}
          </Button>
        }
      />
      {watching.fault !== null && <FaultNotice fault={watching.fault} onRetry={watching.retry} />}
      {newest === null && watching.fault === null && <Skeleton label="The figures are loading" />}
      {newest !== null && (
        <>
          <Source watching={watching} />
          <LiveFigures samples={samples} newest={newest} boundMs={boundMs} />
          <div className="charts">
            <VerdictsChart {...shown} />
            <LagChart {...shown} boundMs={boundMs} />
            <div className="charts__pair">
              <HashingChart {...shown} />
              <PushChart {...shown} />
            </div>
          </div>
        </>
      )}
    </>
  );
}

/** Whose figures these are. Behind a balancer several processes may answer, each with its own. */
function Source({ watching }: { readonly watching: Watching }): ReactNode {
  const { history, isPaused, fault } = watching;
  const { processes, shown, hasBegunAnew } = history;
  const isRunning = !isPaused && fault === null;
  const state = isRunning ? 'Live' : fault === null ? 'Paused' : 'Stopped';
  return (
    <div className="source">
      <p className={`liveness ${isRunning ? 'liveness--live' : ''}`}>
        <span className="liveness__dot" aria-hidden="true" />
        {state} · process <Serial id={shown ?? ''} />
      </p>
      {hasBegunAnew && (
        <Notice tone="info" title="Another process answers now">
          The one before has gone silent. Counts are of each process alone, so the charts begin anew.
        </Notice>
      )}
      {processes.size > 1 && (
        <Select
          label="Process"
          hint="Several answer in turn. Each counts for itself."
          value={shown ?? ''}
          options={[...processes.keys()].map((process) => [process, process])}
          onChange={(event) => watching.show(event.target.value)}
        />
      )}
    </div>
  );
}
