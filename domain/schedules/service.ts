import type { DefinitionChange, DefinitionOrigin } from '../../contracts/definitions.ts';
import { PerennialError } from '../../contracts/errors.ts';
import { type RunRecord, terminalRunStatuses } from '../../contracts/runs.ts';
import type { OverlapPolicy, ScheduleDefinition, ScheduleFault, ScheduleRecord } from '../../contracts/schedules.ts';
import type { AnyPipeline } from '../dag/definition.ts';
import type { Clock } from '../ports/clock.ts';
import type { NewSchedule, ScheduleHistory, ScheduleRepository, StoredSchedule } from '../ports/schedules.ts';
import { type CheckedSchedule, checkSchedule } from './check.ts';
import { serverTiming } from './clock-changes.ts';
import { codeSchedules, diffSchedules } from './code.ts';
import { fireTimes } from './fire-times.ts';
import { zoneRules } from './zone.ts';

/** Starts shown ahead. */
const shown = 10;
const recent = 20;

export interface ScheduleDeps {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly schedules: ScheduleRepository;
  readonly scheduleHistory: ScheduleHistory;
  readonly clock: Clock;
}

export interface ScheduleDetail extends ScheduleRecord {
  /** Its newest runs. */
  readonly recent: readonly RunRecord[];
  /** Ids of its runs that have not ended. */
  readonly running: readonly string[];
  /** Starts that made no run, newest first. */
  readonly faults: readonly ScheduleFault[];
}

/** Schedules as people handle them. Faults of a definition are VALIDATION_FAILED, an unknown id is NOT_FOUND. */
export interface ScheduleService {
  list(): Promise<StoredSchedule[]>;
  show(id: string): Promise<ScheduleDetail>;
  /** CONFLICT when the id is taken. */
  create(definition: ScheduleDefinition): Promise<StoredSchedule>;
  /** Makes or replaces; CONFLICT for one that stands in the code. */
  put(definition: ScheduleDefinition): Promise<{ schedule: StoredSchedule; created: boolean }>;
  /** CONFLICT for one that stands in the code. */
  remove(id: string): Promise<void>;
  pause(id: string, note: string): Promise<StoredSchedule>;
  resume(id: string, note: string): Promise<StoredSchedule>;
  /** `overlap` default: the schedule's own. CONFLICT when that says skip and a run is under way. */
  trigger(id: string, overlap?: OverlapPolicy): Promise<StoredSchedule>;
  /** The nominal next starts of a definition, ISO 8601, jitter left out. */
  preview(definition: ScheduleDefinition): { definition: ScheduleDefinition; next: string[] };
  /** What applying the schedules of this code would change. */
  diff(): Promise<DefinitionChange[]>;
}

export function createScheduleService(deps: ScheduleDeps): ScheduleService {
  const { pipelines, schedules, scheduleHistory, clock } = deps;
  const find = async (id: string): Promise<StoredSchedule> => {
    const schedule = await schedules.get(id);
    if (schedule) return schedule;
    throw new PerennialError('NOT_FOUND', `There is no schedule "${id}".`, { remedy: 'GET /v1/schedules lists them.' });
  };
  const own = (schedule: StoredSchedule): void => {
    if (schedule.origin === 'api') return;
    throw new PerennialError(
      'CONFLICT',
      `The schedule "${schedule.id}" stands in the code of "${schedule.pipeline}".`,
      {
        remedy: 'Change it there; here it can be paused, resumed and triggered.',
      },
    );
  };
  const running = async ({ pipeline, id }: StoredSchedule): Promise<RunRecord[]> =>
    (await scheduleHistory.runs(pipeline, id, recent)).filter((run) => !terminalRunStatuses.has(run.status));

  const service: ScheduleService = {
    list: () => schedules.list(),
    async show(id) {
      const schedule = await find(id);
      const runs = await scheduleHistory.runs(schedule.pipeline, id, recent);
      return {
        ...schedule,
        recent: runs,
        running: runs.filter((run) => !terminalRunStatuses.has(run.status)).map((run) => run.id),
        faults: await scheduleHistory.faults(id, shown),
      };
    },
    async create(definition) {
      const checked = checkSchedule(definition, pipelines);
      await schedules.create(newSchedule(checked, 'api', clock.now()));
      return find(definition.id);
    },
    async put(definition) {
      const checked = checkSchedule(definition, pipelines);
      const existing = await schedules.get(definition.id);
      if (!existing) return { schedule: await service.create(definition), created: true };
      own(existing);
      await schedules.replace(newSchedule(checked, 'api', clock.now()), pausedAfter(existing, checked.definition));
      return { schedule: await find(definition.id), created: false };
    },
    async remove(id) {
      own(await find(id));
      await schedules.remove(id);
    },
    async pause(id, note) {
      await schedules.pause(id, note);
      return find(id);
    },
    async resume(id, note) {
      await schedules.resume(id, note);
      return find(id);
    },
    async trigger(id, overlap) {
      const schedule = await find(id);
      const policy = overlap ?? schedule.definition.overlap ?? 'skip';
      const [busy] = policy === 'skip' ? await running(schedule) : [];
      if (busy) {
        throw new PerennialError(
          'CONFLICT',
          `Run ${busy.id} of schedule "${id}" is under way, and its overlap policy is skip.`,
          {
            remedy: 'Wait for it, or give the overlap policy allow-all or buffer-one.',
          },
        );
      }
      await schedules.trigger(id, policy);
      return find(id);
    },
    preview(given) {
      const { definition, timing } = checkSchedule(given, pipelines);
      const times = fireTimes(timing, clock.now().getTime(), shown);
      return { definition, next: times.map((time) => new Date(time).toISOString()) };
    },
    diff: async () => diffSchedules(codeSchedules(pipelines), await schedules.list()),
  };
  return service;
}

/** A checked schedule as it is stored. */
export function newSchedule(
  { definition, hash, timing, jitterMs, catchUpMs }: CheckedSchedule,
  origin: DefinitionOrigin,
  now: Date,
): NewSchedule {
  const server = serverTiming(timing, now.getTime());
  return {
    input: { definition, origin, hash, exactUntil: new Date(server.exactUntil).toISOString(), zoneRules },
    timing: server.timing,
    jitterMs,
    catchUpMs,
  };
}

/** A definition that says something new about pausing is obeyed; else it stays as a person left it. */
export function pausedAfter(existing: StoredSchedule, next: ScheduleDefinition): boolean | undefined {
  return existing.definition.paused === next.paused ? undefined : next.paused;
}
