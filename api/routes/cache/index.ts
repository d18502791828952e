import { Type } from 'typebox';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';

/** The step cache: what it holds, and emptying it. */
export function cacheRoutes(app: App, { cache, audit }: AppDependencies): void {
  app.get(
    '/v1/cache',
    { config: { role: 'viewer' }, schema: { tags: ['cache'], summary: 'What the step cache holds, by step' } },
    async () => ({ steps: await cache.use() }),
  );

  app.delete(
    '/v1/cache',
    {
      config: { role: 'operator' },
      schema: {
        tags: ['cache'],
        summary: 'Drop cached outputs of a pipeline or one step',
        querystring: Type.Object({
          pipeline: Type.String({ minLength: 1, maxLength: 200 }),
          step: Type.Optional(Type.String({ minLength: 1, maxLength: 63 })),
        }),
      },
    },
    async (request) => {
      const { pipeline, step } = request.query;
      await audit.write({
        actor: request.apiKey?.name ?? '',
        action: 'cache.clear',
        subject: pipeline,
        detail: { step: step ?? null },
      });
      return { dropped: await cache.clear(pipeline, step) };
    },
  );
}
