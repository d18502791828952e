import type { ReactElement } from 'react';
import type { RunBar } from '../../contracts/overview.ts';
import { links } from '../app/links.ts';
import { between, duration, exact } from '../format/time.ts';
import { Go } from './go.tsx';
import styles from './run-strip.module.css';
import { lookOf } from './status.tsx';

const [lowest, tallest] = [6, 24];

/** The newest runs as bars, oldest first: as high as they took long, in the colour and with the word of their state. */
export function RunStrip({ runs }: { readonly runs: readonly RunBar[] }): ReactElement {
  const now = Date.now();
  const took = (run: RunBar): number => (run.startedAt ? between(run.startedAt, run.finishedAt, now) : 0);
  const longest = Math.max(1, ...runs.map(took));
  return (
    <ol className={styles.strip} aria-label="Newest runs">
      {[...runs].reverse().map((run) => {
        const { tone, word } = lookOf(run.status);
        const text = `${word}${run.partition ? `, ${run.partition}` : ''}, ${exact(run.createdAt)}, ${duration(took(run))}`;
        return (
          <li key={run.id}>
            <Go href={links.run(run.id)} title={text} aria-label={text}>
              <span data-tone={tone} style={{ height: lowest + (took(run) / longest) * (tallest - lowest) }} />
            </Go>
          </li>
        );
      })}
    </ol>
  );
}
