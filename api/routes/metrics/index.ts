import { Type } from 'typebox';
import { metricAlarms } from '../../../contracts/metrics.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { oneOf, TimeParam } from '../../schemas.ts';

/** Figures over time: drift, data quality, performance, key figures, durations. */
export function metricRoutes(app: App, { metricSeries }: AppDependencies): void {
  app.get(
    '/v1/metrics',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['monitoring'],
        summary: 'Figures of a pipeline over time, newest first',
        querystring: Type.Object({
          pipeline: Type.String({ minLength: 1, maxLength: 100 }),
          name: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 200,
              description: 'Such as `drift.ks`; `*` stands for any text: `kpi.*`.',
            }),
          ),
          subject: Type.Optional(
            Type.String({ maxLength: 500, description: 'What it is of, such as a column; empty: the whole.' }),
          ),
          market: Type.Optional(Type.String({ maxLength: 200, description: 'Empty: all markets together.' })),
          model: Type.Optional(Type.String({ maxLength: 100 })),
          modelVersion: Type.Optional(Type.Integer({ minimum: 1 })),
          alarm: Type.Optional(oneOf([...metricAlarms, 'any'])),
          from: Type.Optional(TimeParam),
          to: Type.Optional(TimeParam),
          limit: Type.Integer({ minimum: 1, maximum: 10_000, default: 1000, description: 'Points, at most.' }),
        }),
      },
    },
    async ({ query: { from, to, ...filter } }) => ({
      points: await metricSeries.list({
        ...filter,
        ...(from === undefined ? {} : { from: new Date(from) }),
        ...(to === undefined ? {} : { to: new Date(to) }),
      }),
    }),
  );
}
