import { breathe } from './breathe.ts';

const span = 40;

/** Keeps long computing abortable: `due` every 40 ms, then `await rest()`, which throws CANCELLED after an abort. */
export class Pace {
  readonly #signal: AbortSignal;
  #since = performance.now();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  get due(): boolean {
    return performance.now() - this.#since > span;
  }

  async rest(): Promise<void> {
    await breathe(this.#signal);
    this.#since = performance.now();
  }
}
