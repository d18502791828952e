import { PerennialError } from '../../contracts/errors.ts';

/** More work than can be done in time: RATE_LIMITED, and how long to wait before the next try. */
export class OverloadError extends PerennialError {
  /** Whole seconds, at least 1: the value of the header retry-after. */
  readonly retryAfterSeconds: number;

  /** @param waitMs milliseconds until the work that waits is done. */
  constructor(message: string, waitMs: number) {
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    super('RATE_LIMITED', message, { remedy: `Try again in ${seconds} s.` });
    this.retryAfterSeconds = seconds;
  }
}
