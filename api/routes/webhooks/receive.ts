import type { Registry } from 'prom-client';
import { PerennialError } from '../../../contracts/errors.ts';
import { createWebhookReceiver } from '../../../domain/events/index.ts';
import { webhookMetrics } from '../../../telemetry/metrics/events.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { IdParams } from '../../schemas.ts';

/** The door for webhooks. It has no API key: the signature over the body, byte for byte, says who sends. */
export function webhookDoor(app: App, deps: AppDependencies & { readonly metrics: Registry }): void {
  const receive = createWebhookReceiver(deps);
  const count = webhookMetrics(deps.metrics);
  app.register(async (scope: App) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post(
      '/v1/webhooks/:id',
      {
        config: { rateLimit: { max: deps.webhookRateLimit, keyGenerator: (request) => `webhook ${request.ip}` } },
        schema: {
          tags: ['webhooks'],
          summary: 'Take a signed webhook of a source; its event is stored when this answers 202',
          params: IdParams,
          security: [],
        },
      },
      async (request, reply) => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.join(', ') : value,
          ]),
        );
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const { id } = request.params;
        const received = await receive(id, { headers, body }).catch((error: unknown) => {
          count(id, error instanceof PerennialError ? error.code : 'INTERNAL');
          throw error;
        });
        count(id, received.kind === 'challenge' ? 'challenge' : received.stored > 0 ? 'stored' : 'known');
        if (received.kind === 'challenge') return reply.status(200).type('text/plain').send(received.challenge);
        return reply.status(202).send({ stored: received.stored, known: received.known });
      },
    );
  });
}
