import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import {
  mostBuckets,
  mostDurations,
  type RunBucket,
  type RunDurations,
  type RunStatistics,
  runBuckets,
} from '../../../contracts/run-insight.ts';
import { compareRuns } from '../../../domain/dag/compare-runs.ts';
import { dayMs } from '../../../domain/monitoring/days.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { IdParams, oneOf, TimeParam } from '../../schemas.ts';
import { findRun } from './find.ts';

const bucketMs: Readonly<Record<RunBucket, number>> = { hour: dayMs / 24, day: dayMs, week: 7 * dayMs };
const usualDays = 30;

const Span = {
  pipeline: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Default: all.' })),
  from: Type.Optional(
    Type.Unsafe<string>({ ...TimeParam, description: `Of their creation; default: ${usualDays} days before \`to\`.` }),
  ),
  to: Type.Optional(Type.Unsafe<string>({ ...TimeParam, description: 'Not included; default: now.' })),
};

/** Many runs in figures, and two runs beside each other. */
export function runInsightRoutes(app: App, { runs, runInsight, clock }: AppDependencies): void {
  const viewer = { role: 'viewer' } as const;
  const tags = ['runs'];
  const spanOf = ({ from, to }: { readonly from?: string; readonly to?: string }) => {
    const end = to === undefined ? clock.now() : new Date(to);
    return { from: from === undefined ? new Date(end.getTime() - usualDays * dayMs) : new Date(from), to: end };
  };

  app.get(
    '/v1/runs/statistics',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'Runs by hour, day or week: how many by status, how long they took and waited',
        querystring: Type.Object({ ...Span, bucket: Type.Optional(oneOf<RunBucket>(runBuckets)) }),
      },
    },
    async ({ query }): Promise<RunStatistics> => {
      const { pipeline, bucket = 'day' } = query;
      const { from, to } = spanOf(query);
      if (to.getTime() - from.getTime() > mostBuckets * bucketMs[bucket]) {
        throw new PerennialError(
          'VALIDATION_FAILED',
          `from: there are more than ${mostBuckets} ${bucket}s up to ${to.toISOString()}.`,
          {
            fields: [
              {
                field: 'from',
                value: from.toISOString(),
                message: `is more than ${mostBuckets} ${bucket}s before the end`,
              },
            ],
            remedy: 'Ask for a shorter time, or for longer buckets.',
          },
        );
      }
      const buckets = await runInsight.statistics({
        ...(pipeline === undefined ? {} : { pipeline }),
        from,
        to,
        bucket,
      });
      return { from: from.toISOString(), to: to.toISOString(), bucket, buckets };
    },
  );

  app.get(
    '/v1/runs/durations',
    {
      config: viewer,
      schema: {
        tags,
        summary: `When runs began and how long they took and waited, in columns: the newest ${mostDurations} at most`,
        querystring: Type.Object(Span),
      },
    },
    async ({ query }): Promise<RunDurations> => {
      const { pipeline } = query;
      return runInsight.durations({
        ...(pipeline === undefined ? {} : { pipeline }),
        ...spanOf(query),
        limit: mostDurations,
      });
    },
  );

  app.get(
    '/v1/runs/:id/comparison',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'A run beside another: what differs in parameters, plan and code, and how their steps and outputs do',
        params: IdParams,
        querystring: Type.Object({
          with: Type.String({ minLength: 1, maxLength: 200, description: 'Id of the other run.' }),
        }),
      },
    },
    async (request) => {
      const read = async (id: string) => {
        const run = await findRun(runs, id);
        return { run, steps: await runs.steps(run.id) };
      };
      const [own, other] = await Promise.all([read(request.params.id), read(request.query.with)]);
      return compareRuns(own, other);
    },
  );
}
