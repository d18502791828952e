import { PerennialError } from '../../contracts/errors.ts';
import type { Channel, NotificationContent } from '../../contracts/notifications.ts';
import type { Clock } from '../ports/clock.ts';
import type { ChannelRepository, ChannelSecret, StoredNotification } from '../ports/notifications.ts';
import type { Mailer, Poster } from '../ports/senders.ts';
import { alertMessage } from './alert-message.ts';
import { digestMessage } from './digest-message.ts';
import { mailHtml } from './mail-html.ts';
import type { Message } from './message.ts';
import { plainText } from './plain-text.ts';
import { slackBody } from './slack.ts';
import { teamsBody } from './teams.ts';
import { signedWebhook } from './webhook.ts';

/** Attempts before a message is given up: with the queue's waits (1 s, doubled, at most 5 min) about 45 minutes. */
export const messageAttempts = 17;

export interface SendDeps {
  readonly channels: Pick<ChannelRepository, 'get' | 'secret'>;
  /** Null: no mail server is set. */
  readonly mailer: Mailer | null;
  readonly poster: Poster;
  readonly clock: Clock;
}

/**
 * Sends one stored message to its channel. DELIVERY_FAILED when it may work later; DELIVERY_REFUSED, CONFIG_INVALID when it
 * will not. A channel that was switched off meanwhile gets nothing, and that counts as refused.
 */
export function createMessageSender({ channels, mailer, poster, clock }: SendDeps) {
  return async (notification: StoredNotification): Promise<void> => {
    const channel = await channels.get(notification.channel);
    if (!channel?.enabled) {
      throw new PerennialError('DELIVERY_REFUSED', `The channel "${notification.channel}" is switched off.`, {
        remedy: `Switch it on (\`perennial channels enable ${notification.channel}\`) and send the message again.`,
      });
    }
    const now = clock.now();
    if (channel.kind === 'email') {
      await mailerOf(mailer).send(mailFor(channel, notification, now));
      return;
    }
    const secret = secretOf(channel, await channels.secret(channel.id));
    if (channel.kind === 'webhook') {
      const { headers, body } = signedWebhook(notification, secret.signingSecret ?? '', now);
      await poster.post(secret.url, headers, body);
      return;
    }
    const message = messageOf(notification.content, now);
    const body = channel.kind === 'slack' ? slackBody(message) : teamsBody(message);
    await poster.post(secret.url, {}, JSON.stringify(body));
  };
}

/** What a stored message says. */
export function messageOf(content: NotificationContent, now: Date): Message {
  if (content.kind === 'digest') return digestMessage(content.digest);
  if (content.kind !== 'test') return alertMessage(content.alert, content.kind, now);
  return {
    subject: 'Test of a Perennial channel',
    badge: 'TEST',
    tone: 'info',
    title: 'This channel works',
    blocks: [
      { kind: 'text', text: `${content.by} has sent this to see whether messages arrive. Nothing is to be done.` },
    ],
    footer: 'Sent by Perennial.',
  };
}

function mailFor({ settings }: Channel, { id, alertId, content }: StoredNotification, now: Date) {
  const message = messageOf(content, now);
  const isFirst = content.kind === 'firing';
  return {
    to: settings.to ?? [],
    subject: message.subject,
    html: mailHtml(message),
    text: plainText(message),
    // The first mail of an alert has the alert's id, so that later ones are shown below it.
    id: isFirst && alertId ? `alert-${alertId}` : `notification-${id}`,
    thread: alertId && !isFirst ? `alert-${alertId}` : null,
    isUrgent: 'alert' in content && content.alert.severity === 'critical' && content.kind !== 'resolved',
  };
}

function mailerOf(mailer: Mailer | null): Mailer {
  if (mailer) return mailer;
  throw new PerennialError('CONFIG_INVALID', 'No mail server is set: PERENNIAL_SMTP_URL is empty.', {
    remedy: 'Set PERENNIAL_SMTP_URL and PERENNIAL_MAIL_FROM for every process, and send the message again.',
  });
}

function secretOf({ id }: Channel, secret: ChannelSecret | null): ChannelSecret {
  if (secret) return secret;
  throw new PerennialError('CONFIG_INVALID', `The channel "${id}" has no address.`, {
    remedy: `Give it one: \`perennial channels change ${id} --url …\`.`,
  });
}
