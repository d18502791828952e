import { isAbsolute } from 'node:path';
import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import { parsePattern } from '../../../domain/events/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { IdParams } from '../../schemas.ts';

const WatchBody = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' }),
    folder: Type.String({ minLength: 1, maxLength: 1000, description: 'Absolute, as the events role sees it.' }),
    pattern: Type.Optional(
      Type.String({ minLength: 1, maxLength: 500, description: 'Such as `{market}/{date}.csv`; absent: every file.' }),
    ),
    settleSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 86_400,
        default: 5,
        description: 'Unchanged for so long counts as complete.',
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
    { config: { role: 'viewer' }, schema: { tags, summary: 'List the folders in which data lands' } },
    async () => ({ watches: await watches.list() }),
  );

  app.post(
    '/v1/watches',
    {
      config: { role: 'admin' },
      schema: { tags, summary: 'Watch a folder: each complete file becomes a `dataset.landed` event', body: WatchBody },
    },
    async (request, reply) => {
      const { id, folder, pattern = null, settleSeconds = 5, markerOnly = false, scanSeconds = 60 } = request.body;
      if (!isAbsolute(folder)) {
        throw new PerennialError('VALIDATION_FAILED', `body.folder = "${folder}" is not an absolute path.`, {
          fields: [{ field: 'folder', value: folder, message: 'must be an absolute path' }],
          remedy: 'Give the path as the events role sees it, such as /data/landing.',
        });
      }
      parsePattern(pattern);
      const watch = await watches.create({ id, folder, pattern, settleSeconds, markerOnly, scanSeconds });
      await audit.write({
        actor: request.apiKey?.name ?? '',
        action: 'watch.create',
        subject: id,
        detail: { folder, pattern },
      });
      return reply.status(201).send(watch);
    },
  );

  app.delete(
    '/v1/watches/:id',
    { config: { role: 'admin' }, schema: { tags, summary: 'Watch a folder no more', params: IdParams } },
    async (request, reply) => {
      const { id } = request.params;
      if (!(await watches.remove(id)))
        throw new PerennialError('NOT_FOUND', `There is no watch "${id}".`, { remedy: 'GET /v1/watches lists them.' });
      await audit.write({ actor: request.apiKey?.name ?? '', action: 'watch.remove', subject: id, detail: {} });
      return reply.status(204).send();
    },
  );
}
