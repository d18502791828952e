import { untilAvailable } from '../activities/resilience.ts';
import { createRolloutActivities } from '../activities/rollouts.ts';
import { createSchedulingActivities } from '../activities/scheduling.ts';
import type { DefinitionChange } from '../contracts/definitions.ts';
import { toErrorInfo } from '../contracts/errors.ts';
import type { RolloutActivities } from '../contracts/rollouts.ts';
import type { SchedulingActivities } from '../contracts/scheduling.ts';
import { type AnyPipeline, createRunStarter } from '../domain/dag/index.ts';
import { applyDeadlines } from '../domain/deadlines/index.ts';
import { changeText } from '../domain/definitions/index.ts';
import { applyRules } from '../domain/events/index.ts';
import { applySchedules } from '../domain/schedules/index.ts';
import type { Database } from '../storage/postgres/index.ts';
import type { Temporal } from '../storage/temporal/launcher.ts';

export interface Scheduling {
  readonly activities: SchedulingActivities & RolloutActivities;
  /** Makes schedules, deadlines and rules on the servers those of the code, and says what changed. A fault leaves them as they are. */
  apply(): Promise<void>;
}

/** What a control worker does about schedules, backfills and rollouts. */
export function openScheduling(
  temporal: Pick<Temporal, 'launcher' | 'schedules'>,
  database: Database,
  pipelines: ReadonlyMap<string, AnyPipeline>,
): Scheduling {
  const clock = { now: () => new Date() };
  const starter = createRunStarter({ pipelines, runs: database.runs, launcher: temporal.launcher });
  return {
    activities: {
      ...createSchedulingActivities({ ...database, pipelines, starter }),
      ...createRolloutActivities({ ...database, clock }),
    },
    async apply() {
      const deps = { ...database, pipelines, schedules: temporal.schedules, clock };
      await applied('schedules', () => applySchedules(deps));
      await applied('deadlines', () => applyDeadlines(deps));
      await applied('rules', () => applyRules(deps));
    },
  };
}

async function applied(what: string, apply: () => Promise<DefinitionChange[]>): Promise<void> {
  try {
    const changes = await untilAvailable(apply);
    if (changes.length > 0) console.log(`${what} of the code applied:\n${changes.map(changeText).join('\n')}`);
  } catch (error) {
    const { message, remedy } = toErrorInfo(error);
    console.error(`The ${what} of the code were not applied: ${message}${remedy ? `\n  What to do: ${remedy}` : ''}`);
  }
}
