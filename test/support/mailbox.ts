import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail extends ParsedMail {
  readonly receivedAt: number;
  /** Addresses it was sent to. */
  readonly recipients: readonly string[];
}

/** A mail server with one mailbox for all that comes. */
export interface Mailbox {
  /** `smtp://…` with the password that it wants. */
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  /** The first mail, there already or to come, that fits. */
  next(fits: (mail: ReceivedMail) => boolean): Promise<ReceivedMail>;
  /**
   * The answer that the next message to an address gets instead of being taken, such as 451 `try later`.
   *
   * @param what is answered so: the address, or the message (default).
   */
  refuse(
    address: string,
    answer: { readonly code: number; readonly message: string },
    what?: 'address' | 'message',
  ): void;
  close(): Promise<void>;
}

/** A real SMTP server on a free port, with authentication. */
export async function openMailbox(): Promise<Mailbox> {
  const mails: ReceivedMail[] = [];
  const refusals = new Map<string, { readonly code: number; readonly message: string }>();
  const refusalOf = (place: string): Error | undefined => {
    const refusal = refusals.get(place);
    refusals.delete(place);
    return refusal && Object.assign(new Error(refusal.message), { responseCode: refusal.code });
  };
  let arrived = (): void => {};
  const waiting = new Set<() => void>();
  arrived = () => {
    for (const look of waiting) look();
  };
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, callback) =>
      username === 'perennial' && password === 'pa:ss word'
        ? callback(null, { user: username })
        : callback(new Error('wrong user or password')),
    onRcptTo: ({ address }, _session, callback) => callback(refusalOf(`address ${address}`)),
    onData(stream, session, callback) {
      simpleParser(stream).then((mail) => {
        const recipients = session.envelope.rcptTo.map(({ address }) => address);
        const refusal = refusalOf(`message ${recipients[0]}`);
        if (refusal) return callback(refusal);
        mails.push(Object.assign(mail, { receivedAt: Date.now(), recipients }));
        callback();
        arrived();
      }, callback);
    },
  });
  // A client that leaves in the middle is no fault of the test.
  server.on('error', () => {});
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  return {
    url: `smtp://perennial:${encodeURIComponent('pa:ss word')}@127.0.0.1:${port}`,
    mails,
    next: (fits) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = mails.find(fits);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    refuse: (address, answer, what = 'message') => void refusals.set(`${what} ${address}`, answer),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
