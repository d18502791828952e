import type { AnyPipeline } from '../dag/definition.ts';
import { nextDueDay } from '../deadlines/days.ts';
import { localClock } from '../deadlines/words.ts';
import type { AlertFacts } from '../ports/alert-facts.ts';
import type { DeadlineRepository } from '../ports/deadlines.ts';
import { listed } from './found.ts';
import type { Group } from './group.ts';

/** What people notice of an alert: markets, deadlines and the results that they go on seeing. A sentence each. */
export async function impactOf(
  group: Group,
  {
    facts,
    deadlines,
    pipelines,
    now,
  }: {
    readonly facts: Pick<AlertFacts, 'resultsInUse'>;
    readonly deadlines: Pick<DeadlineRepository, 'list'>;
    readonly pipelines: ReadonlyMap<string, AnyPipeline>;
    readonly now: Date;
  },
): Promise<string[]> {
  const affected = [...new Set(group.found.flatMap(({ pipeline }) => pipeline ?? []))].sort();
  const own = [...new Set(group.found.flatMap(({ affects = [] }) => affects))];
  const sentences: string[] = [];
  const promised = affected.length > 0 ? await deadlines.list() : [];
  for (const pipeline of affected) {
    const markets = [...new Set(group.found.flatMap((one) => (one.pipeline === pipeline ? (one.market ?? []) : [])))];
    const isAll = markets.includes('') || markets.length === 0;
    const title = pipelines.get(pipeline)?.title ?? pipeline;
    sentences.push(`${title}: ${isAll ? 'all its work' : listed(markets)}.`);
    for (const { definition } of promised) {
      const { key, zone } = definition;
      if (definition.pipeline !== pipeline || !(key === undefined || isAll || markets.includes(key))) continue;
      const next = nextDueDay(definition, now.getTime());
      if (next)
        sentences.push(
          `Deadline "${definition.id}": next due ${next.day} ${localClock(zone, next.day)(next.dueAt)} ${zone}.`,
        );
    }
    const { lists, models } = await facts.resultsInUse(pipeline);
    const seen = lists.filter(({ market }) => isAll || markets.includes(market));
    if (seen.length > 0) {
      const told = seen.map(
        ({ market, date, customers }) =>
          `${market} of ${date} (${customers} ${customers === 1 ? 'customer' : 'customers'})`,
      );
      sentences.push(`Until then people keep seeing the lists of ${listed(told)}.`);
    }
    if (models.length > 0) {
      const told = models.map(({ model, version, since }) => `${model} version ${version} of ${since.slice(0, 10)}`);
      sentences.push(`Models that go on serving: ${listed(told)}.`);
    }
  }
  return [...own, ...sentences];
}
