import type { ReactElement } from 'react';
import type { RunStatus } from '../../../../contracts/runs.ts';
import { links } from '../../../app/links.ts';
import { between, duration, exact, useNow } from '../../../format/time.ts';
import { Go } from '../../../ui/go.tsx';
import { lookOf } from '../../../ui/status.tsx';
import styles from './run-strip.module.css';

/** What of a run a bar shows. */
export interface StripRun {
  readonly id: string;
  readonly status: RunStatus;
  readonly partition: string | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** The shortest bar, as a share of the highest: a run of a moment can still be seen and pressed. */
const leastShare = 0.25;

/** Runs as small bars, oldest first: as high as they took long, in the colour of their state; each opens its run. */
export function RunStrip({ runs }: { readonly runs: readonly StripRun[] }): ReactElement {
  const now = useNow();
  if (runs.length === 0) return <span className="muted">no run yet</span>;
  const lengths = runs.map((run) => (run.startedAt === null ? 0 : between(run.startedAt, run.finishedAt, now)));
  const longest = Math.max(1, ...lengths);
  return (
    <span className={styles.strip}>
      {runs
        .map((run, n) => ({ run, length: lengths[n] ?? 0 }))
        .reverse()
        .map(({ run, length }) => {
          const { word, tone } = lookOf(run.status);
          const name = [
            word,
            run.partition,
            run.startedAt === null ? null : duration(length),
            `created ${exact(run.createdAt)}`,
          ].filter(Boolean);
          const height = Math.max(leastShare, length / longest) * 100;
          return (
            <Go key={run.id} href={links.run(run.id)} aria-label={name.join(', ')} title={name.join('\n')}>
              <span className={styles.bar} data-tone={tone} style={{ height: `${height}%` }} />
            </Go>
          );
        })}
    </span>
  );
}
