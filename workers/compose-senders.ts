import type { Config } from '../config/index.ts';
import { PerennialError } from '../contracts/errors.ts';
import type { Mailer, Poster } from '../domain/ports/senders.ts';
import { openMailer } from '../storage/senders/mail.ts';
import { openPoster } from '../storage/senders/post.ts';

/** What messages are sent by. CONFIG_INVALID for a mail server without a sender. */
export function composeSenders({ smtpUrl, mailFrom }: Pick<Config, 'smtpUrl' | 'mailFrom'>): {
  mailer: Mailer | null;
  poster: Poster;
} {
  const poster = openPoster();
  if (!smtpUrl) return { mailer: null, poster };
  if (mailFrom) return { mailer: openMailer({ url: smtpUrl, from: mailFrom }), poster };
  throw new PerennialError('CONFIG_INVALID', 'PERENNIAL_SMTP_URL is set, and PERENNIAL_MAIL_FROM is not.', {
    remedy: 'Set the sender, such as Perennial <perennial@example.com>.',
  });
}
