import type { CloudEvent } from '../../../contracts/events.ts';
import type { RuleDefinition } from '../../../contracts/rules.ts';
import { createRuleHandler } from '../../../domain/events/index.ts';
import { createRuleService } from '../../../domain/events/rules/index.ts';
import { pipelines } from '../../../pipelines/index.ts';
import { ago, day, hour, type Month } from './world.ts';

/** Events of data that landed, and two that could not be processed. */
export async function seedEvents(month: Month): Promise<void> {
  const { database, client, days, markets } = month;
  const landed = days.flatMap((date, n): CloudEvent[] =>
    markets.slice(0, 3).map((market, m) => ({
      specversion: '1.0',
      ...{
        id: `${date}/${market}`,
        source: '/watches/sales',
        type: 'dataset.landed',
        subject: `${market}/${date}.csv`,
      },
      time: ago(month, (days.length - 1 - n) * day + 90 - m).toISOString(),
      data: {
        watch: 'sales',
        uri: `file:///data/${market}/${date}.csv`,
        size: 120_000,
        modified: '',
        captured: { market, date },
      },
    })),
  );
  await database.events.publish(landed);
  const broken: CloudEvent[] = ['refund', 'stock'].map((id, n) => ({
    ...{
      specversion: '1.0',
      id,
      source: '/webhooks/shop',
      type: `shop.${id}`,
      time: ago(month, (n + 2) * hour).toISOString(),
      data: { order: n },
    },
  }));
  await database.events.publish(broken);
  for (const { sequence, source } of await database.events.list({ source: '/webhooks/shop', limit: 10 })) {
    await database.events.begin(sequence);
    await database.events.bury(sequence, {
      code: 'VALIDATION_FAILED',
      message: `The data of an event of ${source} has no "market".`,
    });
  }
  await client.query(
    `update events set received_at = time, failed_at = case when failed_at is null then null else time + interval '5 minutes' end,
       processed_at = case when failed_at is null then time + interval '1 second' end, queued_at = time, attempts = greatest(attempts, 1)`,
  );
}

const allThere: RuleDefinition = {
  id: 'offers-when-sales-are-there',
  title: 'Tell when the sales of the three large markets have landed',
  mode: 'all',
  by: 'event.data.captured.date',
  within: '24h',
  patterns: ['United Kingdom', 'Germany', 'France'].map((market, n) => ({
    name: ['first', 'second', 'third'][n] as string,
    type: 'dataset.landed',
    where: `event.data.captured.market == "${market}"`,
  })),
  deadline: { after: '6h' },
  actions: {
    onMatch: [{ alert: { severity: 'info', message: 'All sales of {{ key }} are there.' } }],
    onDeadline: [{ alert: { severity: 'warning', message: '{{ missing[0] }} of {{ key }} is missing.' } }],
  },
};
const slow: RuleDefinition = {
  id: 'large-files',
  title: 'Tell of files that are larger than usual',
  mode: 'any',
  patterns: [{ name: 'landed', type: 'dataset.landed', where: 'event.data.size > 150000' }],
  actions: { onMatch: [{ alert: { severity: 'info', message: 'A large file came: {{ event.subject }}' } }] },
};

/** Rules that have looked at the newest events: one that fired and waits, one that had no reason to. */
export async function seedRules(month: Month): Promise<void> {
  const { database } = month;
  let now = ago(month, 28 * day);
  const deps = { ...database, pipelines, clock: { now: () => now } };
  const service = createRuleService(deps);
  for (const rule of [allThere, slow]) await service.create(rule);
  const starter = { start: () => Promise.reject(new Error('the rules of a month start nothing')) };
  const handle = createRuleHandler({ ...deps, starter });
  const stored = await database.events.list({
    types: ['dataset.landed'],
    from: ago(month, 3 * day).toISOString(),
    limit: 50,
  });
  // The last file of the newest day has not come.
  for (const event of stored.slice(0, -1)) {
    now = new Date(event.time);
    await handle(event);
  }
}
