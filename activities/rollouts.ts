import { Context } from '@temporalio/activity';
import type { RolloutActivities } from '../contracts/rollouts.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { RolloutRepository } from '../domain/ports/rollouts.ts';
import { advanceRollout } from '../domain/rollout/index.ts';

/** Between two looks at what has been compared. */
const lookMs = 1000;
/** Between two looks at a rollout of a market. */
const marketLookSeconds = 300;
/** Longest time of one watch, so that a history tells roughly when it was watched. */
const watchMs = 600_000;

export function createRolloutActivities(deps: {
  readonly rollouts: RolloutRepository;
  readonly clock: Clock;
}): RolloutActivities {
  return {
    async watchRollout(rolloutId) {
      const context = Context.current();
      const until = deps.clock.now().getTime() + watchMs;
      for (let began: string | undefined; ; await context.sleep(lookMs)) {
        context.heartbeat();
        const rollout = await advanceRollout(deps, rolloutId);
        if (rollout === null || rollout.finishedAt !== null) return { ended: true };
        // Weeks of waiting for what customers buy must not hold a place of the worker.
        if (rollout.market !== '') return { ended: false, waitSeconds: marketLookSeconds };
        const stage = `${rollout.status} ${rollout.step}`;
        began ??= stage;
        if (stage !== began || deps.clock.now().getTime() >= until) return { ended: false };
      }
    },
  };
}
