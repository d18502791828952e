import { untilAvailable } from '../activities/resilience.ts';
import { createRetrainingActivities } from '../activities/retraining.ts';
import { createRolloutActivities } from '../activities/rollouts.ts';
import { createSchedulingActivities } from '../activities/scheduling.ts';
import type { DefinitionChange } from '../contracts/definitions.ts';
import { toErrorInfo } from '../contracts/errors.ts';
import type { RetrainingActivities } from '../contracts/retraining.ts';
import type { RolloutActivities } from '../contracts/rollouts.ts';
import type { SchedulingActivities } from '../contracts/scheduling.ts';
import { type AnyPipeline, createRunStarter } from '../domain/dag/index.ts';
import { applyDeadlines } from '../domain/deadlines/index.ts';
import { changeText } from '../domain/definitions/index.ts';
import { applyRules } from '../domain/events/index.ts';
import { applyPolicies, type ObservationDeps } from '../domain/monitoring/retraining/index.ts';
import { applySchedules } from '../domain/schedules/index.ts';
import type { Database } from '../storage/postgres/index.ts';
import type { Temporal } from '../storage/temporal/launcher.ts';
import { log } from '../telemetry/log.ts';

export interface Scheduling {
  readonly activities: SchedulingActivities & RolloutActivities & RetrainingActivities;
  /** Makes schedules, deadlines, rules and policies on the servers those of the code, and says what changed. A fault leaves them as they are. */
  apply(): Promise<void>;
}

/** What a control worker does about schedules, backfills, rollouts and retraining. */
export function openScheduling(
  temporal: Pick<Temporal, 'launcher' | 'schedules' | 'retrainingLauncher'>,
  database: Database,
  pipelines: ReadonlyMap<string, AnyPipeline>,
  monitors: Pick<ObservationDeps, 'drift' | 'findings'>,
): Scheduling {
  const starter = createRunStarter({ pipelines, runs: database.runs, launcher: temporal.launcher });
  const clock = { now: () => new Date() };
  const { launcher, schedules } = temporal;
  return {
    activities: {
      ...createSchedulingActivities({ ...database, pipelines, starter }),
      ...createRolloutActivities({ ...database, clock }),
      ...createRetrainingActivities({ ...database, ...monitors, pipelines, starter, launcher, clock }),
    },
    async apply() {
      const deps = { ...database, pipelines, schedules, clock };
      await applied('schedules', () => applySchedules(deps));
      await applied('deadlines', () => applyDeadlines(deps));
      await applied('rules', () => applyRules(deps));
      await applied('policies', async () => {
        await temporal.retrainingLauncher.schedule();
        return applyPolicies(deps);
      });
    },
  };
}

async function applied(what: string, apply: () => Promise<DefinitionChange[]>): Promise<void> {
  try {
    const changes = await untilAvailable(apply);
    if (changes.length > 0) log().info({ changes: changes.map(changeText) }, `${what} of the code applied`);
  } catch (error) {
    const { remedy } = toErrorInfo(error);
    log().error({ err: error, ...(remedy ? { remedy } : {}) }, `the ${what} of the code were not applied`);
  }
}
