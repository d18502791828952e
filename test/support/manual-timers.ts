import type { Timers } from '../../domain/serving/index.ts';

/** Time that passes when told to. */
export class ManualTimers implements Timers {
  private time = 0;
  private readonly calls = new Set<{ at: number; call: () => void }>();

  now(): number {
    return this.time;
  }

  after(ms: number, call: () => void): () => void {
    const entry = { at: this.time + ms, call };
    this.calls.add(entry);
    return () => this.calls.delete(entry);
  }

  advance(ms: number): void {
    this.time += ms;
    for (const entry of [...this.calls].sort((a, b) => a.at - b.at)) {
      if (entry.at > this.time) break;
      this.calls.delete(entry);
      entry.call();
    }
  }
}

/** Lets everything that waits for settled promises run. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
