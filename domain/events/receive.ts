import { PerennialError } from '../../contracts/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventPublisher } from '../ports/events.ts';
import type { WebhookSourceRepository } from '../ports/webhooks.ts';
import { verifySignature, type WebhookRequest } from './signatures.ts';
import { slackChallenge, webhookEvent } from './webhook-event.ts';

/** What became of a webhook: how many of its events were new, or what its sender wants back. */
export type Received =
  | { readonly kind: 'stored'; readonly stored: number; readonly known: number }
  | { readonly kind: 'challenge'; readonly challenge: string };

/**
 * Takes a webhook in: checks its signature before anything is parsed, and stores its events before it resolves.
 *
 * @throws NOT_FOUND, SIGNATURE_INVALID, SIGNATURE_STALE, FORBIDDEN for a source that is switched off, VALIDATION_FAILED.
 */
export function createWebhookReceiver({
  webhookSources,
  events,
  clock,
}: {
  readonly webhookSources: Pick<WebhookSourceRepository, 'withSecrets'>;
  readonly events: EventPublisher;
  readonly clock: Clock;
}): (id: string, request: WebhookRequest) => Promise<Received> {
  return async (id, request) => {
    const now = clock.now();
    const found = await webhookSources.withSecrets(id, now);
    if (!found) {
      throw new PerennialError('NOT_FOUND', `There is no webhook source "${id}".`, {
        remedy: 'An administrator makes one with `perennial webhooks add`.',
      });
    }
    const { source, secrets } = found;
    const { toleranceSeconds } = source;
    const signedAt = verifySignature(source.scheme, request, secrets, { now, toleranceSeconds });
    if (!source.enabled) {
      throw new PerennialError('FORBIDDEN', `The webhook source "${id}" is switched off.`, {
        remedy: `An administrator switches it on with \`perennial webhooks enable ${id}\`.`,
      });
    }
    const challenge = slackChallenge(source, request);
    if (challenge !== null) return { kind: 'challenge', challenge };
    const given = webhookEvent(source, request, { now, signedAt });
    const stored = await events.publish(given);
    return { kind: 'stored', stored, known: given.length - stored };
  };
}
