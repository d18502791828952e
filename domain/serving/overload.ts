import { PerennialError } from '../../contracts/errors.ts';

/** The queue is full: RATE_LIMITED, and how long to wait before the next try. */
export class OverloadError extends PerennialError {
  /** Whole seconds, at least 1: the value of the header retry-after. */
  readonly retryAfterSeconds: number;

  constructor(waiting: number, most: number, waitMs: number) {
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    super('RATE_LIMITED', `${waiting} items wait already, of at most ${most}`, {
      remedy: `Try again in ${seconds} s.`,
    });
    this.retryAfterSeconds = seconds;
  }
}
