import type { ReactElement } from 'react';
import type { RolloutStatus as Status } from '../../../contracts/rollouts.ts';
import { Mark, type Tone } from '../../ui/status.tsx';

const looks: Readonly<Record<Status, readonly [Tone, string]>> = {
  queued: ['waiting', 'Queued'],
  running: ['running', 'Running'],
  paused: ['paused', 'Paused'],
  completed: ['ok', 'Completed'],
  'rolled-back': ['failed', 'Rolled back'],
  aborted: ['skipped', 'Aborted'],
};

/** The word of a rollout's status. */
export const statusWord = (status: Status): string => looks[status][1];

/** How a rollout stands, as shape, colour and word. */
export function RolloutStatus({ status, bare }: { readonly status: Status; readonly bare?: boolean }): ReactElement {
  const [tone, word] = looks[status];
  return <Mark tone={tone} word={word} bare={bare} />;
}
