export interface BackgroundWriterOptions<T> {
  /** What is written, in words, for reports. */
  readonly what: string;
  readonly write: (batch: readonly T[]) => Promise<void>;
  /** Told what could not be written and is tried again. */
  readonly onFailure: (what: string, error: unknown) => void;
  /** Most that waits, in units of `weight`; beyond it the oldest goes. Default 10,000. */
  readonly mostWaiting?: number;
  /** Most that one writing takes, in units of `weight`; default: all that waits. */
  readonly mostAtOnce?: number;
  /** Default: 1 each. */
  readonly weight?: (item: T) => number;
  /** Milliseconds between two writings; default 250. */
  readonly everyMs?: number;
}

/** Writes what requests leave behind, many at a time, beside the requests: they neither wait for it nor fail by it. */
export class BackgroundWriter<T> {
  readonly #options: Required<BackgroundWriterOptions<T>>;
  #waiting: T[] = [];
  #weight = 0;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: BackgroundWriterOptions<T>) {
    this.#options = {
      mostWaiting: 10_000,
      mostAtOnce: Number.POSITIVE_INFINITY,
      weight: () => 1,
      everyMs: 250,
      ...options,
    };
  }

  add(item: T): void {
    this.#waiting.push(item);
    this.#weight += this.#options.weight(item);
    this.#shorten();
    this.#wake(this.#options.everyMs);
  }

  /** Writes what waits. */
  async close(): Promise<void> {
    await this.#flush();
  }

  #wake(ms: number): void {
    this.#timer ??= setTimeout(() => void this.#flush(), ms).unref();
  }

  #shorten(): void {
    const { mostWaiting, weight } = this.#options;
    let gone = 0;
    while (this.#weight > mostWaiting && gone < this.#waiting.length)
      this.#weight -= weight(this.#waiting[gone++] as T);
    if (gone > 0) this.#waiting.splice(0, gone);
  }

  /** Takes what one writing may take, one item at least. */
  #take(): T[] {
    const { mostAtOnce, weight } = this.#options;
    let taken = 0;
    let count = 0;
    while (count < this.#waiting.length) {
      const next = weight(this.#waiting[count] as T);
      if (count > 0 && taken + next > mostAtOnce) break;
      taken += next;
      count++;
    }
    this.#weight -= taken;
    return this.#waiting.splice(0, count);
  }

  #flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const { what, write, onFailure, everyMs, weight } = this.#options;
    this.#writing = this.#writing.then(async () => {
      for (let batch = this.#take(); batch.length > 0; batch = this.#take()) {
        try {
          await write(batch);
        } catch (error) {
          this.#waiting = [...batch, ...this.#waiting];
          this.#weight += batch.reduce((sum, item) => sum + weight(item), 0);
          this.#shorten();
          onFailure(what, error);
          this.#wake(4 * everyMs);
          return;
        }
      }
    });
    return this.#writing;
  }
}
