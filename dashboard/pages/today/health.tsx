import type { ReactElement } from 'react';
import type { PipelineHealth, PipelineState } from '../../../contracts/overview.ts';
import { links } from '../../app/links.ts';
import { duration } from '../../format/time.ts';
import { Go } from '../../ui/go.tsx';
import { RunStrip } from '../../ui/run-strip.tsx';
import { Mark, type Tone } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import styles from './health.module.css';
import list from './list.module.css';

/** How a state of a pipeline looks, and what it is called. */
export const pipelineLooks: Readonly<Record<PipelineState, readonly [Tone, string]>> = {
  ok: ['ok', 'Well'],
  running: ['running', 'Running'],
  late: ['late', 'Late'],
  failed: ['failed', 'Failed'],
  paused: ['paused', 'Paused'],
  waiting: ['waiting', 'Waiting'],
  'never-run': ['waiting', 'Never run'],
};

/** How each pipeline stands, with its newest runs and its next start. */
export function Health({ pipelines }: { readonly pipelines: readonly PipelineHealth[] }): ReactElement {
  return (
    <ul className={`${list.rows} ${styles.list}`}>
      {pipelines.map((pipeline) => {
        const [tone, word] = pipelineLooks[pipeline.state];
        return (
          <li key={pipeline.pipeline}>
            <div className={styles.state}>
              <Mark tone={tone} word={word} />
            </div>
            <div className={styles.what}>
              <Go href={links.pipeline(pipeline.pipeline)}>
                <strong>{pipeline.title}</strong>
              </Go>
              <div className="muted">{pipeline.sentence}</div>
            </div>
            <div className={styles.runs}>
              <RunStrip runs={pipeline.recent} />
              <div className="muted">
                {pipeline.typicalSeconds === null ? null : `usually ${duration(pipeline.typicalSeconds * 1000)}`}
              </div>
            </div>
            <div className={styles.next}>
              <div className="muted">Next start</div>
              {pipeline.nextStart ? (
                <Go href={links.schedule(pipeline.nextStart.schedule)}>
                  <Time at={pipeline.nextStart.at} />
                </Go>
              ) : (
                <span className="muted">on request</span>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
