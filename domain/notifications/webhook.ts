import type { Json } from '../../contracts/json.ts';
import type { NotificationContent } from '../../contracts/notifications.ts';
import { signatureOf } from '../events/signatures.ts';
import type { StoredNotification } from '../ports/notifications.ts';

/** Types of what signed webhooks bring. */
const types: Readonly<Record<NotificationContent['kind'], string>> = {
  firing: 'alert.fired',
  again: 'alert.updated',
  escalated: 'alert.escalated',
  resolved: 'alert.resolved',
  digest: 'digest',
  test: 'channel.test',
};

/**
 * A signed webhook, as Standard Webhooks has it: `{ type, timestamp, data }`, with the headers `webhook-id` (the same for
 * every try), `webhook-timestamp` and `webhook-signature`.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 *
 * @param secret `whsec_` and base64.
 */
export function signedWebhook(
  { id, content, createdAt }: Pick<StoredNotification, 'id' | 'content' | 'createdAt'>,
  secret: string,
  now: Date,
): { headers: Record<string, string>; body: string } {
  const { kind, ...data } = content;
  const body = JSON.stringify({ type: types[kind], timestamp: createdAt, data: data as unknown as Json });
  const messageId = `msg_${id}`;
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  const signature = signatureOf('standard', secret, [`${messageId}.${timestamp}.`, body]).toString('base64');
  return {
    headers: {
      'webhook-id': messageId,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    },
    body,
  };
}
