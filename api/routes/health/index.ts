import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';

/** Liveness, readiness, and metrics for Prometheus: those of the process and of its requests, and what else is registered. */
export function healthRoutes(
  app: App,
  { checks, metrics: registry = new Registry() }: Pick<AppDependencies, 'checks' | 'metrics'>,
): void {
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'perennial_http_requests_total',
    help: 'Requests answered.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'perennial_http_request_duration_seconds',
    help: 'Time to answer a request.',
    labelNames: ['method', 'route'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const labels = { method: request.method, route: request.routeOptions.url ?? 'unknown' };
    requests.inc({ ...labels, status: String(reply.statusCode) });
    seconds.observe(labels, reply.elapsedTime / 1000);
  });

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
