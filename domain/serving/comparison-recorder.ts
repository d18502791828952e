import type { Comparison } from '../../contracts/rollouts.ts';
import type { RolloutRepository } from '../ports/rollouts.ts';

/** Most comparisons that wait to be written; beyond it the oldest go. They are a sample anyway. */
const mostWaiting = 10_000;

/** Keeps comparisons, many at a time, beside the requests. */
export class ComparisonRecorder {
  readonly #rollouts: Pick<RolloutRepository, 'addComparisons'>;
  readonly #onFailure: (what: string, error: unknown) => void;
  readonly #everyMs: number;
  #waiting: Comparison[] = [];
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  /** @param everyMs milliseconds between two writings; default 250. */
  constructor(
    rollouts: Pick<RolloutRepository, 'addComparisons'>,
    onFailure: (what: string, error: unknown) => void,
    everyMs = 250,
  ) {
    this.#rollouts = rollouts;
    this.#onFailure = onFailure;
    this.#everyMs = everyMs;
  }

  add(comparison: Comparison): void {
    this.#waiting.push(comparison);
    if (this.#waiting.length > mostWaiting) this.#waiting.shift();
    this.#timer ??= setTimeout(() => void this.#flush(), this.#everyMs).unref();
  }

  /** Writes what waits. */
  async close(): Promise<void> {
    await this.#flush();
  }

  #flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = this.#writing.then(async () => {
      const batch = this.#waiting.splice(0);
      if (batch.length === 0) return;
      try {
        await this.#rollouts.addComparisons(batch);
      } catch (error) {
        this.#waiting = [...batch, ...this.#waiting].slice(-mostWaiting);
        this.#onFailure('What was compared', error);
        this.#timer ??= setTimeout(() => void this.#flush(), 4 * this.#everyMs).unref();
      }
    });
    return this.#writing;
  }
}
