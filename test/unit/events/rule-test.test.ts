import { expect, it } from 'vitest';
import type { RuleDefinition } from '../../../contracts/rules.ts';
import { createRuleService } from '../../../domain/events/index.ts';
import type { StoredEvent } from '../../../domain/ports/events.ts';

const start = Date.parse('2026-01-05T00:00:00Z');
const at = (minutes: number): string => new Date(start + minutes * 60_000).toISOString();

/** A history of an event a minute. */
function history(count: number) {
  return {
    list: async ({ after = 0, limit }: { readonly after?: number; readonly limit: number }) =>
      Array.from({ length: Math.min(limit, count - after) }, (_, i): StoredEvent => {
        const sequence = after + i + 1;
        const common = { specversion: '1.0', source: '/erp', type: 'tick', sequence } as const;
        return { ...common, id: `${sequence}`, time: at(sequence), receivedAt: at(sequence) };
      }),
  };
}
const absent: RuleDefinition = {
  id: 'silent',
  mode: 'absence',
  patterns: [{ name: 'tick', type: 'tick' }],
  deadline: { after: '1h' },
  actions: { onDeadline: [{ alert: { severity: 'info', message: 'no tick' } }] },
};
const test = (count: number, rule: RuleDefinition = absent, to = at(60_000)) => {
  const clock = { now: () => new Date(at(60_000)) };
  const deps = { pipelines: new Map(), rules: {} as never, events: history(count), clock };
  return createRuleService(deps).test(rule, new Date(start), new Date(to));
};

it('a test over more events than it looks at says up to when it got, and misses none of those beyond', async () => {
  const all = await test(500);
  expect(all).toMatchObject({ events: 500, truncated: false, to: at(60_000), counts: { matched: 500, deadline: 1 } });
  const part = await test(30_000);
  expect(part).toMatchObject({ events: 20_000, truncated: true, to: at(20_000), counts: { matched: 20_000 } });
  expect(part.counts.deadline).toBeUndefined();
});

it('a test up to a time that never comes is told day by day, in bounded room', async () => {
  const daily: RuleDefinition = { ...absent, deadline: { at: '06:00' } };
  const years = await test(1, daily, '2046-01-05T00:00:00.000Z');
  expect(years).toMatchObject({ events: 1, truncated: false, counts: { matched: 2, deadline: 7304 } });
  expect(years.evaluations).toHaveLength(1000);
});

it('a test gives other work its turn', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const slow = "'aaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('^(a+)+$')";
  await test(5, { ...absent, patterns: [{ name: 'tick', type: 'tick', where: slow }] });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(3);
});
