import { PerennialError } from '../../contracts/errors.ts';

/** A model in memory, as its loader gives it. */
export interface LoadedModel<T> {
  readonly value: T;
  /** Memory it takes now, in bytes; asked again after every use, as a model may load parts on demand. */
  bytes(): number;
  dispose(): void | Promise<void>;
}

/** Use of a model; it stays in memory until released. */
export interface Lease<T> {
  readonly value: T;
  /** May be called more than once. */
  release(): void;
}

export interface ModelCacheOptions<T> {
  /** Memory of all models together, in bytes. */
  readonly limit: number;
  load(key: string): Promise<LoadedModel<T>>;
  /** Memory that a model will take, in bytes, as far as it is known before loading; room is made first. Default 0. */
  estimate?(key: string): number | Promise<number>;
}

interface Entry<T> {
  readonly loading: Promise<LoadedModel<T>>;
  model: LoadedModel<T> | undefined;
  bytes: number;
  users: number;
  /** Rises with every use. */
  used: number;
}

/**
 * Models loaded on demand within a bound of memory. Those asked for at the same time are loaded once. To make room, the
 * one not used for longest goes first, and never one in use: if all are, loading waits until one is released. So nobody
 * should wait for a model while holding another.
 */
export class ModelCache<T> {
  private readonly options: ModelCacheOptions<T>;
  private readonly entries = new Map<string, Entry<T>>();
  private readonly waiting = new Set<() => void>();
  private uses = 0;
  /** Loads one after another, so that two cannot take the same room. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(options: ModelCacheOptions<T>) {
    this.options = options;
  }

  /** Memory of the models loaded, in bytes. */
  get bytes(): number {
    let sum = 0;
    for (const entry of this.entries.values()) sum += entry.bytes;
    return sum;
  }

  /** Keys of the models loaded or loading, the least recently used first. */
  keys(): string[] {
    return [...this.entries].sort(([, a], [, b]) => a.used - b.used).map(([key]) => key);
  }

  /**
   * The model, loaded if need be.
   * Throws UNAVAILABLE when it alone exceeds the bound, CANCELLED when `signal` fires first, and what its loader throws; a
   * failed load is tried again at the next call.
   */
  async acquire(key: string, signal?: AbortSignal): Promise<Lease<T>> {
    if (signal?.aborted) throw cancelled(key);
    let entry = this.entries.get(key);
    if (entry === undefined) {
      entry = { loading: this.enqueue(key), model: undefined, bytes: 0, users: 0, used: 0 };
      this.entries.set(key, entry);
    }
    const held = entry;
    held.users++;
    held.used = ++this.uses;
    try {
      const model = await abortable(held.loading, signal, key);
      let released = false;
      return {
        value: model.value,
        release: () => {
          if (released) return;
          released = true;
          this.leave(held);
        },
      };
    } catch (error) {
      this.leave(held);
      throw error;
    }
  }

  /** Runs `work` with the model. */
  async use<R>(key: string, work: (model: T) => Promise<R>, signal?: AbortSignal): Promise<R> {
    const lease = await this.acquire(key, signal);
    try {
      return await work(lease.value);
    } finally {
      lease.release();
    }
  }

  /** Frees every model as soon as it is not in use. */
  async close(): Promise<void> {
    while (this.entries.size > 0) {
      for (const [key, entry] of this.entries)
        if (entry.users === 0 && entry.model !== undefined) await this.evict(key);
      if (this.entries.size > 0) await this.change();
    }
  }

  private enqueue(key: string): Promise<LoadedModel<T>> {
    const loading = this.turn.then(() => this.load(key));
    this.turn = loading.catch(() => {});
    loading.catch(() => {
      this.entries.delete(key);
      this.announce();
    });
    return loading;
  }

  private async load(key: string): Promise<LoadedModel<T>> {
    const { limit } = this.options;
    const estimate = (await this.options.estimate?.(key)) ?? 0;
    if (estimate > limit) throw tooLarge(key, estimate, limit);
    await this.makeRoom(estimate);
    const model = await this.options.load(key);
    const bytes = model.bytes();
    if (bytes > limit) {
      await model.dispose();
      throw tooLarge(key, bytes, limit);
    }
    const entry = this.entries.get(key) as Entry<T>;
    entry.model = model;
    entry.bytes = bytes;
    // Where the estimate fell short, others go now.
    await this.makeRoom(0);
    this.announce();
    return model;
  }

  private async makeRoom(bytes: number): Promise<void> {
    while (this.bytes + bytes > this.options.limit) {
      const idle = this.keys().find((key) => {
        const { users, model } = this.entries.get(key) as Entry<T>;
        return users === 0 && model !== undefined;
      });
      if (idle !== undefined) await this.evict(idle);
      else await this.change();
    }
  }

  private async evict(key: string): Promise<void> {
    const { model } = this.entries.get(key) as Entry<T>;
    this.entries.delete(key);
    await model?.dispose();
    this.announce();
  }

  private leave(entry: Entry<T>): void {
    entry.users--;
    if (entry.model !== undefined) entry.bytes = entry.model.bytes();
    this.announce();
    // What grew in use may have to make room for itself.
    if (entry.users === 0 && this.bytes > this.options.limit) {
      this.turn = this.turn.then(() => this.makeRoom(0)).catch(() => {});
    }
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.waiting.add(resolve));
  }

  private announce(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined, key: string): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(cancelled(key));
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function cancelled(key: string): PerennialError {
  return new PerennialError('CANCELLED', `Waiting for the model ${key} was cancelled`);
}

function tooLarge(key: string, bytes: number, limit: number): PerennialError {
  const megabytes = (n: number) => `${Math.ceil(n / 1e6)} MB`;
  return new PerennialError(
    'UNAVAILABLE',
    `The model ${key} takes ${megabytes(bytes)}, more than the ${megabytes(limit)} that all models may take`,
    { remedy: 'Raise the memory limit of the models.' },
  );
}
