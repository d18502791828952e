import { PerennialError } from '../../contracts/errors.ts';
import { webhookExtension } from '../../contracts/events.ts';
import type { RunStarter } from '../dag/index.ts';
import type { EventHandler } from '../ports/events.ts';
import type { WebhookSourceRepository } from '../ports/webhooks.ts';
import { evaluateEventExpressions } from './expressions.ts';

/** Starts the run that a webhook's source asks for: one for each event, however often the event comes. */
export function startFromWebhook(deps: {
  readonly sources: Pick<WebhookSourceRepository, 'get'>;
  readonly starter: Pick<RunStarter, 'start'>;
}): EventHandler {
  return async (event) => {
    const id = event.extensions?.[webhookExtension];
    if (typeof id !== 'string') return;
    const starts = (await deps.sources.get(id))?.starts;
    if (!starts) return;
    try {
      await deps.starter.start({
        pipeline: starts.pipeline,
        params: evaluateEventExpressions(starts.params, event),
        trigger: { kind: 'webhook', by: id },
        idempotencyKey: `event/${event.source}/${event.id}`,
      });
    } catch (error) {
      // The event has its run; only what the source asks for was changed since.
      if (!(error instanceof PerennialError && error.code === 'IDEMPOTENCY_CONFLICT')) throw error;
    }
  };
}
