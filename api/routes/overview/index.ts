import { Type } from 'typebox';
import { findPipeline } from '../../../domain/dag/index.ts';
import { dateOf, dayNumber } from '../../../domain/monitoring/days.ts';
import { buildOverview, partitionMatrix } from '../../../domain/overview/index.ts';
import type { App } from '../../app-type.ts';
import { daysBetween, mostDays } from '../../day-span.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { DateParam } from '../../schemas.ts';
import { TimeZoneParam, timeZoneOf } from '../../time-zone.ts';

const usualDays = 30;

/** Where everything stands: what a dashboard opens with. */
export function overviewRoutes(app: App, deps: AppDependencies): void {
  const { pipelines, overviewFacts, clock } = deps;
  const viewer = { role: 'viewer' } as const;
  const tags = ['overview'];

  app.get(
    '/v1/overview',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'How each pipeline stands, what needs a person (worst first), and the newest key figures',
        querystring: Type.Object({ timeZone: TimeZoneParam }),
      },
    },
    async ({ query }) =>
      buildOverview(deps, { now: clock.now(), timeZone: timeZoneOf(query.timeZone, 'query.timeZone') }),
  );

  app.get(
    '/v1/overview/partitions',
    {
      config: viewer,
      schema: {
        tags,
        summary:
          'Days of a pipeline by key, such as a market: run, status, freshness, alarms, and the version that made the lists',
        description: `In columns: the cell of key k and day d is entry k * days.length + d of each; at most ${mostDays} days. What a run of a whole day did for a key is told by the items of its mapped steps.`,
        querystring: Type.Object({
          pipeline: Type.String({ minLength: 1, maxLength: 100, examples: ['offers'] }),
          from: Type.Optional(
            Type.Unsafe<string>({ ...DateParam, description: `First day; default: ${usualDays} days up to \`to\`.` }),
          ),
          to: Type.Optional(
            Type.Unsafe<string>({ ...DateParam, description: 'Last day, included; default: the newest there is.' }),
          ),
        }),
      },
    },
    async ({ query }) => {
      const { id } = findPipeline(pipelines, query.pipeline);
      const to = query.to ?? (await overviewFacts.newestDay(id)) ?? clock.now().toISOString().slice(0, 10);
      const from = query.from ?? dateOf(dayNumber(to) - usualDays + 1);
      return partitionMatrix(overviewFacts, { pipeline: id, days: daysBetween({ from, to }) });
    },
  );
}
