import { Type } from 'typebox';
import { parseDatasetLocation } from '../../../contracts/dataset-location.ts';
import { PerennialError } from '../../../contracts/errors.ts';
import { parsePattern } from '../../../domain/events/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { IdParams } from '../../schemas.ts';

const WatchBody = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' }),
    location: Type.String({
      minLength: 1,
      maxLength: 1000,
      description: 'An absolute path as the events role sees it, or `s3://bucket/prefix`.',
    }),
    pattern: Type.Optional(
      Type.String({ minLength: 1, maxLength: 500, description: 'Such as `{market}/{date}.csv`; absent: every file.' }),
    ),
    settleSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 86_400,
        default: 5,
        description: 'A file unchanged for so long counts as complete; objects of a store always do.',
      }),
    ),
    markerOnly: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Complete only with `<file>.done` beside it or `_SUCCESS` in its folder.',
      }),
    ),
    scanSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400, default: 60 })),
  },
  { additionalProperties: false },
);

export function watchRoutes(app: App, { watches, audit }: AppDependencies): void {
  const tags = ['events'];

  app.get(
    '/v1/watches',
    { config: { role: 'viewer' }, schema: { tags, summary: 'List the places in which data lands' } },
    async () => ({ watches: await watches.list() }),
  );

  app.post(
    '/v1/watches',
    {
      config: { role: 'admin' },
      schema: {
        tags,
        summary: 'Watch a folder or a prefix of an object store: each complete file becomes a `dataset.landed` event',
        body: WatchBody,
      },
    },
    async (request, reply) => {
      const { id, location, pattern = null, settleSeconds = 5, markerOnly = false, scanSeconds = 60 } = request.body;
      parseDatasetLocation(location);
      parsePattern(pattern);
      const watch = await watches.create({ id, location, pattern, settleSeconds, markerOnly, scanSeconds });
      await audit.write({
        actor: request.apiKey?.name ?? '',
        action: 'watch.create',
        subject: id,
        detail: { location, pattern },
      });
      return reply.status(201).send(watch);
    },
  );

  app.delete(
    '/v1/watches/:id',
    { config: { role: 'admin' }, schema: { tags, summary: 'Watch a place no more', params: IdParams } },
    async (request, reply) => {
      const { id } = request.params;
      if (!(await watches.remove(id)))
        throw new PerennialError('NOT_FOUND', `There is no watch "${id}".`, { remedy: 'GET /v1/watches lists them.' });
      await audit.write({ actor: request.apiKey?.name ?? '', action: 'watch.remove', subject: id, detail: {} });
      return reply.status(204).send();
    },
  );
}
