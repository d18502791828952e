import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkAlert } from '../../domain/alerts/check.ts';
import { createAlertService } from '../../domain/alerts/index.ts';
import { type AlertBench, alertBench } from '../support/alerts.ts';

let bench: AlertBench;
beforeAll(async () => {
  bench = await alertBench();
  await bench.define();
});
afterAll(() => bench.close());

const told = async () =>
  (await bench.database.events.list({ limit: 20 })).filter(({ source }) => source.startsWith('/alerts/'));

it('a rollout that was taken back is an alert, and what becomes of the alert are events that rules hear', async () => {
  const time = new Date().toISOString();
  await bench.database.events.publish([
    {
      ...{
        specversion: '1.0',
        source: '/models/translation-en-de',
        id: 'rollout/7',
        type: 'rollout.rolled-back',
        time,
      },
      ...{ subject: 'r-7', datacontenttype: 'application/json' },
      data: {
        rollout: 'r-7',
        model: 'translation-en-de',
        market: '',
        version: 4,
        by: 'rollout',
        text: 'errors: 2 % more.',
      },
    },
  ]);
  await bench.look();
  const [alert] = await bench.open();
  expect(alert).toMatchObject({
    definition: 'rollout-rolled-back',
    text: {
      title: 'Version 4 of translation-en-de was taken back',
      what: 'The rollout of version 4 of translation-en-de: errors: 2 % more.',
      command: 'perennial rollouts show r-7',
    },
  });
  const service = createAlertService({ ...bench.database, clock: { now: () => new Date() } });
  await service.acknowledge(alert!.id, 'anna', 'on it');
  await bench.look();
  const events = await told();
  expect(events.map(({ type, subject }) => [type, subject])).toEqual([
    ['alert.fired', alert!.id],
    ['alert.acknowledged', alert!.id],
  ]);
  expect(events[1]).toMatchObject({
    source: '/alerts/rollout-rolled-back',
    data: { definition: 'rollout-rolled-back', severity: 'warning', by: 'anna', title: alert!.text.title },
  });
});

it('an alert about what alerts tell is refused: it would answer to itself', () => {
  const definition = { id: 'echo', severity: 'info', when: { kind: 'event', type: 'alert.fired' } } as const;
  expect(() => checkAlert(definition)).toThrow(expect.objectContaining({ code: 'VALIDATION_FAILED' }));
});
