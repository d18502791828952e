/** A mail, ready to be sent. */
export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Becomes its Message-ID: the same mail sent again is known by it. */
  readonly id: string;
  /** Id of the mail that it goes on from: programs show them together. */
  readonly thread: string | null;
  /** Whether it is to stand out. */
  readonly isUrgent: boolean;
}

/** DELIVERY_FAILED when it may work later, DELIVERY_REFUSED when it will not. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
}

/** Posts JSON to an address of somebody else. Errors as those of {@link Mailer}. */
export interface Poster {
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<void>;
}
