export interface WarmUpOptions<M> {
  /** Memory that all models together may take, and take now, in bytes. */
  readonly limit: number;
  readonly bytes: () => number;
  load(model: M): Promise<void>;
  /** Hears what could not be loaded. */
  failed(model: M, error: unknown): void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Loads models one after another, as far as the memory goes: until the next one would take the place of another. What cannot
 * be loaded is told and left out; when the signal fires, what `load` throws is thrown.
 */
export async function warmUp<M>(models: Iterable<M>, options: WarmUpOptions<M>): Promise<void> {
  const { limit, bytes, load, failed, signal } = options;
  let largest = 0;
  for (const model of models) {
    const before = bytes();
    if (before > 0 && before + largest > limit) return;
    try {
      await load(model);
    } catch (error) {
      if (signal?.aborted) throw error;
      failed(model, error);
    }
    largest = Math.max(largest, bytes() - before);
  }
}
