import type { DeadlineDay, DeadlineDefinition, DeadlineRecord, DeadlineShown } from '../../contracts/deadlines.ts';
import type { DefinitionChange } from '../../contracts/definitions.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { AnyPipeline } from '../dag/definition.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeadlineRepository } from '../ports/deadlines.ts';
import { checkDeadline } from './check.ts';
import { codeDeadlines, diffDeadlines } from './code.ts';
import { localDay, nextDueDay } from './days.ts';

const dayMs = 86_400_000;

/** Deadlines as people handle them. Faults of a definition are VALIDATION_FAILED, an unknown id is NOT_FOUND. */
export interface DeadlineService {
  list(): Promise<DeadlineShown[]>;
  show(id: string): Promise<DeadlineShown>;
  /** CONFLICT when the id is taken. */
  create(definition: DeadlineDefinition): Promise<DeadlineShown>;
  /** Makes or replaces; CONFLICT for one that stands in the code. The same again changes nothing. */
  put(definition: DeadlineDefinition): Promise<{ deadline: DeadlineShown; created: boolean }>;
  /** CONFLICT for one that stands in the code. */
  remove(id: string): Promise<void>;
  /** Its days, newest first; `next` is the `before` of the page after. */
  days(
    id: string,
    page: { readonly before?: string; readonly limit: number },
  ): Promise<{ days: DeadlineDay[]; next: string | null }>;
  /** What applying the deadlines of this code would change. */
  diff(): Promise<DefinitionChange[]>;
}

export function createDeadlineService({
  pipelines,
  deadlines,
  clock,
}: {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly deadlines: DeadlineRepository;
  readonly clock: Clock;
}): DeadlineService {
  const find = async (id: string): Promise<DeadlineRecord> => {
    const deadline = await deadlines.get(id);
    if (deadline) return deadline;
    throw new PerennialError('NOT_FOUND', `There is no deadline "${id}".`, { remedy: 'GET /v1/deadlines lists them.' });
  };
  const shown = async (records: readonly DeadlineRecord[]): Promise<DeadlineShown[]> => {
    const now = clock.now().getTime();
    const days = new Map(
      (await deadlines.recentDays(new Date(now - 2 * dayMs))).map(({ version: _, ...day }) => [
        `${day.deadline} ${day.day}`,
        day,
      ]),
    );
    return records.map((record) => {
      const next = nextDueDay(record.definition, Math.max(now, Date.parse(record.since)));
      return {
        ...record,
        today: days.get(`${record.id} ${localDay(record.definition.zone, now)}`) ?? null,
        next: next ? { day: next.day, dueAt: new Date(next.dueAt).toISOString() } : null,
      };
    });
  };
  const one = async (record: DeadlineRecord): Promise<DeadlineShown> => (await shown([record]))[0] as DeadlineShown;
  const own = ({ id, origin }: DeadlineRecord): void => {
    if (origin === 'api') return;
    throw new PerennialError('CONFLICT', `The deadline "${id}" stands in the code of its pipeline.`, {
      remedy: 'Change it there, or make one with another id.',
    });
  };
  const service: DeadlineService = {
    list: async () => shown(await deadlines.list()),
    show: async (id) => one(await find(id)),
    async create(given) {
      const checked = checkDeadline(given, pipelines);
      return one(await deadlines.create({ ...checked, origin: 'api' }, clock.now()));
    },
    async put(given) {
      const checked = checkDeadline(given, pipelines);
      const existing = await deadlines.get(given.id);
      if (!existing) return { deadline: await service.create(given), created: true };
      own(existing);
      if (existing.hash === checked.hash) return { deadline: await one(existing), created: false };
      const replaced = await deadlines.replace({ ...checked, origin: 'api' }, clock.now());
      return { deadline: await one(replaced), created: false };
    },
    async remove(id) {
      own(await find(id));
      await deadlines.remove(id);
    },
    async days(id, { before, limit }) {
      await find(id);
      const days = await deadlines.days(id, { ...(before === undefined ? {} : { before }), limit: limit + 1 });
      const page = days.slice(0, limit);
      return { days: page, next: days.length > limit ? (page.at(-1)?.day ?? null) : null };
    },
    diff: async () => diffDeadlines(codeDeadlines(pipelines), await deadlines.list()),
  };
  return service;
}
