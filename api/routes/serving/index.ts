import type { ShownReplica } from '../../../contracts/serving.ts';
import { isStale } from '../../../domain/serving/replicas/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';

/** The processes that compute for the API. */
export function servingRoutes(app: App, { replicas }: Pick<AppDependencies, 'replicas'>): void {
  app.get(
    '/v1/serving/replicas',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['serving'],
        summary: 'Replicas of serving: their state, where they are, when they were last seen',
      },
    },
    async () => ({
      replicas: (await replicas.list()).map(
        ({ key: _, seenAgoMs, ...shown }): ShownReplica => ({
          ...shown,
          isStale: isStale(seenAgoMs),
        }),
      ),
    }),
  );
}
