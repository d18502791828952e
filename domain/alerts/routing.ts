import type { Alert } from '../../contracts/alerts.ts';
import type { Channel, NoticeKind } from '../../contracts/notifications.ts';
import type { NewNotification } from '../ports/alerts.ts';
import { fits } from './match.ts';

/** Headings of messages about alerts. */
const headings: Readonly<Record<NoticeKind, string>> = {
  firing: '',
  again: 'More: ',
  escalated: 'Nobody has acknowledged: ',
  resolved: 'Over: ',
};

/**
 * The messages about an alert to the channels that are to be told.
 *
 * @param version of the alert that they are about: the same is written once.
 */
export function messagesFor(
  alert: Alert,
  kind: NoticeKind,
  version: number,
  channels: readonly Channel[],
): NewNotification[] {
  return channels
    .filter((channel) => channel.enabled && wants(channel, alert, kind))
    .map(({ id }) => ({
      channel: id,
      dedupe: `${alert.id}/${version}/${kind}/${id}`,
      title: `${headings[kind]}${alert.text.title}`,
      content: { kind, alert },
    }));
}

function wants({ settings }: Channel, alert: Alert, kind: NoticeKind): boolean {
  const { topics = ['alerts', 'escalations'], severities, pipelines, markets, alerts, resolved = true } = settings;
  const isTopic =
    kind === 'escalated'
      ? topics.includes('escalations')
      : topics.includes('alerts') || (alert.escalatedAt !== null && topics.includes('escalations'));
  return (
    isTopic &&
    (kind !== 'resolved' || resolved) &&
    (!severities || severities.includes(alert.severity)) &&
    // What concerns no single pipeline or market (a worker, a queue) concerns everybody.
    (alert.pipeline === null || fits(pipelines, alert.pipeline)) &&
    (alert.market === null || alert.market === '' || fits(markets, alert.market)) &&
    fits(alerts, alert.definition)
  );
}
