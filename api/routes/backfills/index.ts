import { Type } from 'typebox';
import {
  type BackfillMode,
  type BackfillOrder,
  type BackfillStatus,
  backfillModes,
  backfillOrders,
  backfillStatuses,
  type PartitionStatus,
  partitionStatuses,
} from '../../../contracts/backfills.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import { createBackfillService } from '../../../domain/backfills/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { Cursor, DateParam, IdParams, Limit, oneOf } from '../../schemas.ts';

const AskBackfill = Type.Object(
  {
    pipeline: Type.String({ examples: ['offers'] }),
    from: DateParam,
    to: DateParam,
    keys: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
        maxItems: 1000,
        description: 'Keys such as markets; default: one run a day for all of them.',
      }),
    ),
    mode: Type.Optional(oneOf<BackfillMode>(backfillModes)),
    order: Type.Optional(oneOf<BackfillOrder>(backfillOrders)),
    concurrency: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'Runs at a time; default 2.' })),
    params: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    dryRun: Type.Optional(Type.Boolean({ description: 'Only say what it would do.' })),
  },
  { additionalProperties: false },
);

export function backfillRoutes(app: App, deps: AppDependencies): void {
  const { backfills, audit } = deps;
  const service = createBackfillService(deps);
  const viewer = { role: 'viewer' } as const;
  const operator = { role: 'operator' } as const;
  const tags = ['backfills'];

  app.post(
    '/v1/backfills',
    {
      config: operator,
      schema: {
        tags,
        summary: 'Fill a range of days and keys with runs, or say what that would do',
        description: 'While a backfill that asks for the same is active, the answer is that one (`created: false`).',
        body: AskBackfill,
      },
    },
    async (request, reply) => {
      const { dryRun = false, params = {}, ...rest } = request.body;
      const wanted = { ...rest, params: params as JsonObject };
      if (dryRun) return service.forecast(wanted);
      const by = request.apiKey?.name ?? '';
      const { backfill, created } = await service.ask(wanted, by);
      if (created)
        await audit.write({ actor: by, action: 'backfill.start', subject: backfill.id, detail: wanted as JsonObject });
      return reply
        .status(202)
        .header('location', `/v1/backfills/${backfill.id}`)
        .send({ ...backfill, created });
    },
  );

  app.get(
    '/v1/backfills',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'List backfills, newest first',
        querystring: Type.Object({
          pipeline: Type.Optional(Type.String()),
          status: Type.Optional(oneOf<BackfillStatus>(backfillStatuses)),
          cursor: Type.Optional(Cursor),
          limit: Limit,
        }),
      },
    },
    async (request) => {
      const { limit, cursor, ...filter } = request.query;
      return backfills.list(filter, { limit, ...(cursor === undefined ? {} : { cursor }) });
    },
  );

  app.get(
    '/v1/backfills/:id',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'A backfill with its progress, and its partitions page by page',
        params: IdParams,
        querystring: Type.Object({
          status: Type.Optional(oneOf<PartitionStatus>(partitionStatuses)),
          after: Type.Optional(
            Type.Integer({ minimum: 0, maximum: 1_000_000, description: '`next` of the page before.' }),
          ),
          limit: Limit,
        }),
      },
    },
    async (request) => {
      const { limit, ...filter } = request.query;
      const backfill = await service.show(request.params.id);
      const found = await backfills.partitions(backfill.id, { ...filter, limit: limit + 1 });
      const partitions = found.slice(0, limit);
      return { ...backfill, partitions, next: found.length > limit ? (partitions.at(-1)?.position ?? null) : null };
    },
  );

  app.post(
    '/v1/backfills/:id/cancel',
    {
      config: operator,
      schema: { tags, summary: 'Cancel a backfill and its runs', params: IdParams },
    },
    async (request, reply) => {
      const backfill = await service.cancel(request.params.id);
      await audit.write({
        actor: request.apiKey?.name ?? '',
        action: 'backfill.cancel',
        subject: backfill.id,
        detail: {},
      });
      return reply.status(202).send(backfill);
    },
  );
}
