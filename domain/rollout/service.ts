import { PerennialError } from '../../contracts/errors.ts';
import type { RolloutCommand, RolloutEvent, RolloutRecord } from '../../contracts/rollouts.ts';
import type { RolloutChange, RolloutRepository, RolloutStarter, RolloutState } from '../ports/rollouts.ts';
import { goesOn, rolloutGoesBack } from './advance.ts';
import { createRolloutStarter, type StartDeps } from './start.ts';

export interface RolloutService extends RolloutStarter {
  /** NOT_FOUND. */
  show(id: string): Promise<RolloutRecord & { readonly events: readonly RolloutEvent[] }>;
  /**
   * What a person decides: `pause` (gates go on watching), `resume`, `skip` (ends the step whatever the gates say), `abort`
   * (the base answers all). NOT_FOUND; CONFLICT when it has ended, or resumed one isn't paused.
   */
  tell(id: string, command: RolloutCommand, reason: string, by: string): Promise<RolloutRecord>;
}

/** Attempts at a change that others may make at the same time. */
const attempts = 20;

export function createRolloutService(deps: StartDeps & { readonly rollouts: RolloutRepository }): RolloutService {
  const { rollouts, clock } = deps;
  const get = async (id: string) => {
    const rollout = await rollouts.get(id);
    if (rollout) return rollout;
    throw new PerennialError('NOT_FOUND', `There is no rollout "${id}".`, { remedy: 'GET /v1/rollouts lists them.' });
  };
  return {
    ...createRolloutStarter(deps),

    async show(id) {
      return { ...recordOf(await get(id)), events: await rollouts.events(id) };
    },

    async tell(id, command, reason, by) {
      for (let attempt = 0; attempt < attempts; attempt++) {
        const rollout = await get(id);
        if (rollout.finishedAt !== null)
          throw new PerennialError(
            'CONFLICT',
            `Rollout "${id}" has ended already, ${rollout.status}: ${rollout.reason}`,
            {
              remedy: 'Start another one, or roll back: `perennial models rollback`.',
            },
          );
        const change = changeOf(rollout, command, reason, by, clock.now());
        if (change === null || (await rollouts.change(id, rollout.revision, change))) return recordOf(await get(id));
      }
      throw new PerennialError('UNAVAILABLE', `Rollout "${id}" changes too fast to be changed.`, {
        remedy: 'Try again.',
      });
    },
  };
}

/** A rollout without what only its gates need. */
function recordOf({ evidence: _, cursor: __, ...rollout }: RolloutState): RolloutRecord {
  return rollout;
}

/** Null: it is so already. */
function changeOf(
  rollout: RolloutRecord,
  command: RolloutCommand,
  reason: string,
  by: string,
  now: Date,
): RolloutChange | null {
  const { status } = rollout;
  const event = { type: command, by, text: reason, data: {} };
  if (command === 'abort') return rolloutGoesBack(rollout, 'aborted', now, by, reason);
  if (status === 'queued')
    throw new PerennialError('CONFLICT', `Rollout "${rollout.id}" has not begun yet.`, {
      remedy: 'Wait a moment, or abort it.',
    });
  if (command === 'skip') return goesOn(rollout, now, by, `Skipped: ${reason}`);
  if (command === 'pause') return status === 'paused' ? null : { rollout: { status: 'paused', reason }, event };
  return status === 'running' ? null : { rollout: { status: 'running', stepSince: now.toISOString(), reason }, event };
}
