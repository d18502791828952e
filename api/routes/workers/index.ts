import { workerState } from '../../../contracts/workers.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';

/** Conditions of alerts that were not looked at for longer are not watched. */
const watchedMs = 60_000;

/** Which processes there are, and whether anybody watches. */
export function workerRoutes(app: App, { workers, alerts }: AppDependencies): void {
  app.get(
    '/v1/workers',
    {
      config: { role: 'viewer' },
      schema: { tags: ['workers'], summary: 'Processes of the installation, with their last sign of life' },
    },
    async () => {
      const all = await workers.list();
      return {
        workers: all.map((worker) => ({ ...worker, state: workerState(worker) })),
        watched: await alerts.lastRound(),
      };
    },
  );

  app.get(
    '/health/alerts',
    { schema: { tags: ['health'], summary: 'Whether the conditions of alerts are looked at: for a watcher outside' } },
    async (_request, reply) => {
      const last = await alerts.lastRound();
      const isWatched = last !== null && last.ageMs < watchedMs;
      return reply.status(isWatched ? 200 : 503).send({
        status: isWatched ? 'ok' : 'unavailable',
        lastLookAt: last?.at ?? null,
        secondsAgo: last ? Math.round(last.ageMs / 1_000) : null,
      });
    },
  );
}
