import { PerennialError } from '../../contracts/errors.ts';
import { OverloadError } from './overload.ts';
import { Pace } from './pace.ts';
import { realTimers, type Timers } from './timers.ts';

export interface ConcurrencyLimitOptions {
  /** Most that are inside at a time. */
  readonly most: number;
  /** Longest wait, in milliseconds; default 2,000. */
  readonly maxWaitMs?: number;
  readonly timers?: Timers;
}

interface Waiting {
  readonly since: number;
  admit(): void;
  refuse(error: PerennialError): void;
}

/**
 * Lets so many in at a time and the others wait in the order in which they came. Who is expected to wait beyond the bound,
 * by the pace at which places became free lately (Little's law), is refused at once; who has waited beyond it, as the pace
 * has become slower since, is refused instead of let in. So work in one process never piles up beyond what can be done in
 * time.
 */
export class ConcurrencyLimit {
  readonly #options: Required<ConcurrencyLimitOptions>;
  /** In the order of their coming. */
  readonly #queue = new Set<Waiting>();
  #inside = 0;
  /** Of places that become free while somebody waits: the last twenty or so count. */
  readonly #pace = new Pace(0.95);
  /** When a place became free last, or somebody began to wait; undefined while nobody waits. */
  #since: number | undefined;

  constructor(options: ConcurrencyLimitOptions) {
    this.#options = { maxWaitMs: 2000, timers: realTimers, ...options };
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /** Milliseconds that one who comes now is expected to wait; 0 before anybody has waited. */
  get expectedWaitMs(): number {
    return this.#inside < this.#options.most ? 0 : (this.#queue.size + 1) * this.#pace.perUnit;
  }

  /**
   * Resolves, once there is a place, with what gives it back, which may be called more than once.
   *
   * @param signal gives up waiting.
   * @throws RATE_LIMITED (OverloadError) when the wait is expected to be, or has been, too long; CANCELLED.
   */
  enter(signal?: AbortSignal): Promise<() => void> {
    if (signal?.aborted) return Promise.reject(cancelled());
    if (this.#inside < this.#options.most) {
      this.#inside++;
      return Promise.resolve(this.#leave());
    }
    const { maxWaitMs, timers } = this.#options;
    if (this.expectedWaitMs > maxWaitMs) return Promise.reject(this.#overload());
    const since = timers.now();
    this.#since ??= since;
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        signal?.removeEventListener('abort', abort);
        this.#queue.delete(waiting);
        if (this.#queue.size === 0) this.#since = undefined;
        settle();
      };
      const abort = (): void => end(() => reject(cancelled()));
      const waiting: Waiting = {
        since,
        admit: () => end(() => resolve(this.#leave())),
        refuse: (error) => end(() => reject(error)),
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#queue.add(waiting);
    });
  }

  /** What gives a place back, to the next in the queue if there is one. */
  #leave(): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const { maxWaitMs, timers } = this.#options;
      const now = timers.now();
      if (this.#since !== undefined) {
        this.#pace.measured(1, now - this.#since);
        this.#since = now;
      }
      for (const waiting of this.#queue) {
        if (now - waiting.since <= maxWaitMs) return waiting.admit();
        waiting.refuse(this.#overload());
      }
      this.#inside--;
    };
  }

  #overload(): OverloadError {
    const expected = this.expectedWaitMs;
    return new OverloadError(
      `${this.#queue.size} requests wait; it would be about ${Math.round(expected)} ms.`,
      expected,
    );
  }
}

function cancelled(): PerennialError {
  return new PerennialError('CANCELLED', 'The request was cancelled while it waited for its turn');
}
