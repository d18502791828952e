import { expect, it } from 'vitest';
import type { CloudEvent, RunEndedData } from '../../../../contracts/events.ts';
import type { MetricPoint } from '../../../../contracts/metrics.ts';
import { createDurationHandler } from '../../../../domain/monitoring/series/index.ts';

function ended(data: Partial<RunEndedData>, type = 'run.succeeded', source = '/pipelines/offers'): CloudEvent {
  const whole = {
    pipeline: 'offers',
    partition: null,
    params: {},
    runId: 'r',
    seconds: 61.5,
    status: 'succeeded',
    ...data,
  };
  return { specversion: '1.0', id: 'r/1', source, type, time: '2026-06-02T04:10:00.000Z', data: whole as never };
}

it('keeps how long runs took, by market and how they ended; of what others call a run nothing', async () => {
  const kept: MetricPoint[] = [];
  const handle = createDurationHandler({ save: async (points) => void kept.push(...points) });
  await handle(ended({ partition: '2026-06-01/France' }));
  await handle(ended({ params: { market: 'Spain' }, status: 'failed' }, 'run.failed'));
  await handle(ended({}, 'run.succeeded', '/webhooks/shop'));
  await handle(ended({}, 'run.started'));
  expect(kept.map(({ name, subject, market, value, at }) => [name, subject, market, value, at])).toEqual([
    ['run.seconds', 'succeeded', 'France', 61.5, '2026-06-02T04:10:00.000Z'],
    ['run.seconds', 'failed', 'Spain', 61.5, '2026-06-02T04:10:00.000Z'],
  ]);
});
