import type { ReactElement } from 'react';
import type { RolloutRecord } from '../../../contracts/rollouts.ts';
import { duration, useNow } from '../../format/time.ts';
import { Mark, type Tone } from '../../ui/status.tsx';
import { stepName } from '../models/words.ts';
import styles from './rollouts.module.css';
import { clockWords, stepClock } from './words.ts';

type State = 'done' | 'current' | 'paused' | 'failed' | 'ahead';
const tones: Readonly<Record<State, readonly [Tone, string]>> = {
  done: ['ok', 'Passed'],
  current: ['running', 'Under way'],
  paused: ['paused', 'Paused'],
  failed: ['failed', 'Ended here'],
  ahead: ['waiting', 'Ahead'],
};

function stateOf({ status, step }: RolloutRecord, place: number): State {
  if (status === 'completed' || place < step) return 'done';
  if (status === 'queued' || place > step) return 'ahead';
  if (status === 'paused') return 'paused';
  return status === 'running' ? 'current' : 'failed';
}

/** The steps of a rollout as a line, with the time that the one under way has left. */
export function Steps({ rollout }: { readonly rollout: RolloutRecord }): ReactElement {
  const now = useNow(1000);
  const clock = stepClock(rollout, now);
  return (
    <ol className={styles.steps}>
      {rollout.plan.steps.map(({ share, minSeconds, maxSeconds }, place) => {
        const state = stateOf(rollout, place);
        const [tone, word] = tones[state];
        const isNow = state === 'current' || state === 'paused';
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps are known by their place
          <li key={place} className={styles.step} data-state={state} aria-current={isNow ? 'step' : undefined}>
            <strong>{stepName(share)}</strong>
            <Mark tone={tone} word={word} />
            <small>
              {isNow
                ? clockWords(clock, rollout)
                : state === 'ahead'
                  ? `${duration(minSeconds * 1000)} to ${duration(maxSeconds * 1000)}`
                  : ''}
            </small>
          </li>
        );
      })}
    </ol>
  );
}
