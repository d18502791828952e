import { realTimers, type Timers } from './timers.ts';

/** Lets so many pass a second; a second's worth may pass at once. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #timers: Timers;
  #tokens: number;
  #at: number;

  constructor(perSecond: number, timers: Timers = realTimers) {
    this.#perSecond = perSecond;
    this.#timers = timers;
    this.#tokens = Math.max(1, perSecond);
    this.#at = timers.now();
  }

  /** Whether one may pass now. */
  take(): boolean {
    const now = this.#timers.now();
    const filled = this.#tokens + ((now - this.#at) / 1000) * this.#perSecond;
    this.#tokens = Math.min(Math.max(1, this.#perSecond), filled);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
