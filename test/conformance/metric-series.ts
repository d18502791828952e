import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { MetricPoint } from '../../contracts/metrics.ts';
import type { MetricSeriesRepository } from '../../domain/ports/metric-series.ts';

const dayMs = 86_400_000;

function point(pipeline: string, more: Partial<MetricPoint> = {}): MetricPoint {
  return {
    pipeline,
    market: '',
    name: 'drift.ks',
    subject: 'price',
    at: '2026-03-01T00:00:00.000Z',
    value: 0.1,
    threshold: 0.08,
    alarm: 'warning',
    text: 'price: a KS distance of 0.1.',
    model: 'offers-next-products',
    modelVersion: 3,
    runId: 'r1',
    ...more,
  };
}

export function metricSeriesConformance(repository: () => MetricSeriesRepository): void {
  it('keeps points exactly as given, in any month, newest first', async () => {
    const pipeline = randomUUID();
    const given = ['2026-03-31T23:59:59.999Z', '2026-04-01T00:00:00.000Z', '2024-02-29T12:00:00.000Z'].map((at, i) =>
      point(pipeline, { at, value: i / 3 }),
    );
    const bare = point(pipeline, {
      at: '2026-04-01T00:00:00.000Z',
      name: 'run.seconds',
      subject: '',
      threshold: null,
      alarm: null,
      text: null,
      model: null,
      modelVersion: null,
      runId: null,
    });
    await repository().save([...given, bare]);
    expect(await repository().list({ pipeline, limit: 10 })).toEqual([given[1], bare, given[0], given[2]]);
  });

  it('replaces what is measured again, also twice in one call', async () => {
    const pipeline = randomUUID();
    await repository().save([point(pipeline)]);
    await repository().save([
      point(pipeline, { value: 0.3 }),
      point(pipeline, { value: 0.2, alarm: null, runId: 'r2' }),
    ]);
    expect(await repository().list({ pipeline, limit: 10 })).toEqual([
      point(pipeline, { value: 0.2, alarm: null, runId: 'r2' }),
    ]);
  });

  it('keeps all points of a call or none', async () => {
    const pipeline = randomUUID();
    const broken = { ...point(pipeline, { subject: 'b' }), value: null as unknown as number };
    await expect(repository().save([point(pipeline), broken])).rejects.toThrow();
    expect(await repository().list({ pipeline, limit: 10 })).toEqual([]);
  });

  it('finds points by market, name, subject, model, alarm and time', async () => {
    const pipeline = randomUUID();
    const at = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * dayMs).toISOString();
    const given = Array.from({ length: 40 }, (_, n) =>
      point(pipeline, {
        at: at(n),
        market: n % 2 === 0 ? 'DE' : 'FR',
        subject: n % 4 < 2 ? 'price' : 'hour',
        alarm: n >= 36 ? 'error' : n >= 30 ? 'warning' : null,
        modelVersion: n < 20 ? 1 : 2,
      }),
    );
    await repository().save(given);
    const found = async (filter: object) =>
      (await repository().list({ pipeline, limit: 100, ...filter })).map((p) => given.findIndex((g) => g.at === p.at));
    expect(await found({ market: 'DE', alarm: 'any' })).toEqual([38, 36, 34, 32, 30]);
    expect(await found({ market: 'DE', alarm: 'warning' })).toEqual([34, 32, 30]);
    expect(await found({ subject: 'hour', modelVersion: 1, limit: 2 })).toEqual([19, 18]);
    expect(await found({ from: new Date(at(30)), to: new Date(at(33)) })).toEqual([32, 31, 30]);
    expect(await found({ name: 'drift.*', limit: 1 })).toEqual([39]);
    expect(await found({ name: 'drift.psi' })).toEqual([]);
    expect(await found({ name: 'drift_k*' })).toEqual([]);
    expect(await repository().list({ pipeline: randomUUID(), limit: 100 })).toEqual([]);
  });

  it('makes the months to come, and drops those that are old, whole', async () => {
    const pipeline = randomUUID();
    const now = new Date('2031-07-15T00:00:00Z');
    const given = ['2031-04-30T23:00:00.000Z', '2031-05-01T00:00:00.000Z', '2031-07-01T00:00:00.000Z'].map((at) =>
      point(pipeline, { at }),
    );
    await repository().save(given);
    const { made, dropped } = await repository().turnOver(now, 60 * dayMs);
    // July is there already; of May, some is younger than 60 days.
    expect(made).toEqual(['2031-08']);
    expect(dropped).toContain('2031-04');
    expect(dropped).not.toContain('2031-05');
    expect(await repository().list({ pipeline, limit: 10 })).toEqual([given[2], given[1]]);
    expect(await repository().turnOver(now, 60 * dayMs)).toEqual({ made: [], dropped: [] });
  });

  it('lets many processes make months and write at once', async () => {
    const pipeline = randomUUID();
    const at = ['2033-01-10T00:00:00.000Z', '2033-02-10T00:00:00.000Z'];
    await Promise.all([
      ...Array.from({ length: 6 }, (_, n) =>
        repository().save(at.map((one) => point(pipeline, { at: one, subject: `${n}` }))),
      ),
      ...[1, 2, 3].map(() => repository().turnOver(new Date('2033-01-15T00:00:00Z'), 3650 * dayMs)),
    ]);
    expect(await repository().list({ pipeline, limit: 100 })).toHaveLength(12);
  });
}
