import { createTransport } from 'nodemailer';
import { PerennialError } from '../../contracts/errors.ts';
import type { Mailer } from '../../domain/ports/senders.ts';
import { SpanKind, traced } from '../../telemetry/tracing.ts';

const timeoutMs = 15_000;

/**
 * Sends mail by SMTP.
 *
 * @param options.url `smtp://user:password@host:587`, or `smtps://…:465`; STARTTLS is used where the server offers it.
 * @param options.from sender, such as `Perennial <perennial@example.com>`.
 */
export function openMailer({ url, from }: { readonly url: string; readonly from: string }): Mailer & { close(): void } {
  // A message is sent on a connection of its own: one that waits between alerts is one that may have died.
  const transport = createTransport(
    { url, connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs, dnsTimeout: timeoutMs },
    { from },
  );
  const { hostname, port, protocol } = new URL(url);
  const server = {
    'network.protocol.name': 'smtp',
    'server.address': hostname,
    'server.port': Number(port || (protocol === 'smtps:' ? 465 : 587)),
  };
  const domain = /@([^\s>]+)/.exec(from)?.[1] ?? 'perennial.invalid';
  const idOf = (id: string): string => `<${id}@${domain}>`;
  return {
    async send({ to, subject, html, text, id, thread, isUrgent }) {
      const attributes = { ...server, 'perennial.mail.recipients': to.length };
      try {
        await traced('smtp send', { kind: SpanKind.CLIENT, attributes }, () =>
          transport.sendMail({
            to: [...to],
            subject,
            html,
            text,
            messageId: idOf(id),
            ...(thread === null ? {} : { inReplyTo: idOf(thread), references: [idOf(thread)] }),
            ...(isUrgent ? { priority: 'high' as const } : {}),
            // Programs that answer mail by themselves leave it alone (RFC 3834).
            headers: { 'Auto-Submitted': 'auto-generated' },
            // Texts may hold what looks like a path or an address of a file.
            disableFileAccess: true,
            disableUrlAccess: true,
          }),
        );
      } catch (error) {
        throw deliveryError(error);
      }
    },
    close: () => transport.close(),
  };
}

/**
 * A server's answer decides: 5xx is for good (RFC 5321 4.2.1), 4xx may be otherwise in a moment, also for an address
 * (greylisting) or a login. Without one, a message that cannot be sent from here can't be later.
 */
function deliveryError(error: unknown): PerennialError {
  const { responseCode = 0, message, code } = error as Error & { responseCode?: number; code?: string };
  const isFinal = responseCode >= 400 ? responseCode >= 500 : code === 'EENVELOPE' || code === 'EAUTH';
  return isFinal
    ? new PerennialError('DELIVERY_REFUSED', `The mail server refuses the message: ${message}`, {
        remedy: 'Correct the addresses of the channel, or PERENNIAL_SMTP_URL and PERENNIAL_MAIL_FROM; send it again.',
        cause: error,
      })
    : new PerennialError('DELIVERY_FAILED', `The mail server does not take the message: ${message}`, {
        remedy: 'Check the server that PERENNIAL_SMTP_URL names.',
        cause: error,
      });
}
