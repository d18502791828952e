import { collectDefaultMetrics, Registry } from 'prom-client';
import { httpMetrics } from '../../../telemetry/metrics/http.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';

/** Liveness, readiness, and metrics for Prometheus: those of the process and of its requests, and what else is registered. */
export function healthRoutes(
  app: App,
  { checks, metrics: registry = new Registry() }: Pick<AppDependencies, 'checks' | 'metrics'>,
): void {
  collectDefaultMetrics({ register: registry });
  const answered = httpMetrics(registry);
  app.addHook('onResponse', async ({ method, routeOptions }, { statusCode: status, elapsedTime }) =>
    answered({ method, route: routeOptions.url ?? 'unknown', status }, elapsedTime / 1000),
  );

  app.get('/health/live', { schema: { tags: ['health'], summary: 'The process answers' } }, async () => ({
    status: 'ok',
  }));

  app.get(
    '/health/ready',
    { schema: { tags: ['health'], summary: 'Every server the API needs answers' } },
    async (_request, reply) => {
      const results = await Promise.all(
        Object.entries(checks).map(async ([name, check]): Promise<readonly [string, string]> => {
          try {
            await check();
            return [name, 'ok'];
          } catch (error) {
            return [name, error instanceof Error ? error.message : String(error)];
          }
        }),
      );
      const ready = results.every(([, state]) => state === 'ok');
      return reply
        .status(ready ? 200 : 503)
        .send({ status: ready ? 'ok' : 'unavailable', checks: Object.fromEntries(results) });
    },
  );

  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
