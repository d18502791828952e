import { queueStates } from '../../../domain/queues/index.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';

/** What waits, where, and for how long. */
export function queueRoutes(app: App, deps: AppDependencies): void {
  app.get(
    '/v1/queues',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['workers'],
        summary: 'Queues: what is stored and waits, what is being delivered, tasks of workers with who asks for them',
      },
    },
    async () => queueStates(deps, deps.clock.now()),
  );
}
