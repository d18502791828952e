import type { StoredNotification } from '../domain/ports/notifications.ts';
import { tracedMessage } from '../telemetry/tracing.ts';

/** Delivers a stored message as part of the trace of what it tells, however long ago that was. */
export function observedMessage(
  { id, alertId, channel, kind, attempts, traceparent }: StoredNotification,
  work: () => Promise<void>,
): Promise<void> {
  const attributes = {
    'messaging.message.id': String(id),
    'perennial.channel': channel,
    'perennial.notification.kind': kind,
    'perennial.notification.attempt': attempts,
    ...(alertId === null ? {} : { 'perennial.alert.id': alertId }),
  };
  return tracedMessage(
    'process',
    'notifications',
    { attributes, ...(traceparent ? { parent: traceparent } : {}) },
    work,
  );
}
