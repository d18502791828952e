import { setImmediate as immediate } from 'node:timers/promises';
import { PerennialError } from '../../contracts/errors.ts';
import { OverloadError } from './overload.ts';
import { Pace } from './pace.ts';
import { realTimers, type Timers } from './timers.ts';

export interface MicroBatcherOptions<I, O> {
  /** Computes a batch; results in the order of the items. A failure fails the requests that have an item in it. */
  run(batch: readonly I[]): Promise<readonly O[]>;
  /** Size of an item (tokens, say): what padding brings the others to, so batches hold items of about equal size. */
  size(item: I): number;
  /** Batches computed at a time; default 1. */
  readonly concurrency?: number;
  /** Most items of a batch; default 64. */
  readonly maxItems?: number;
  /** Most of items × the largest size, unless an item alone has more; default 4,096. */
  readonly maxSize?: number;
  /** Milliseconds that an item waits for company while a slot is free; default 2. */
  readonly windowMs?: number;
  /** Most items waiting; default 2,048. A request that does not fit is refused whole. */
  readonly maxWaiting?: number;
  /**
   * Longest that a request is expected to wait, in milliseconds, for the batches under way and for those it shares the
   * turns with; default 2,000.
   */
  readonly maxWaitMs?: number;
  readonly timers?: Timers;
}

interface Item<I, O> {
  readonly value: I;
  readonly size: number;
  readonly index: number;
  readonly request: Request<I, O>;
}

interface Request<I, O> {
  /** Items that wait, in order. */
  readonly queue: Item<I, O>[];
  /** Sum of their sizes. */
  size: number;
  readonly results: O[];
  left: number;
  /** Whether an item of it has been in a batch. */
  served: boolean;
  settled: boolean;
  readonly resolve: (results: O[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Running {
  readonly size: number;
  readonly began: number;
}

export interface SubmitOptions {
  /** Rejects with CANCELLED at once and takes the waiting items out; those in a batch are computed in vain. */
  readonly signal?: AbortSignal;
  /** Whether they belong to a request that was let in before, and are never refused. Default false. */
  readonly admitted?: boolean;
}

/** Candidates looked at for a batch, in multiples of its most items: the more, the closer the sizes within a batch. */
const lookAhead = 4;
/** Results given out in a turn of the event loop. */
const handedOutAtATime = 8;

/**
 * Puts the items of many requests together into batches of about equal sizes. Requests take turns, an item each; the item
 * whose turn is first is always in the next batch, with those of the nearest sizes. Every second batch begins with a
 * request that has had nothing yet, so that long requests, however many, delay a short one by two batches, and short ones
 * never keep a long one from going on. Beyond `maxWaiting` items or `maxWaitMs` requests are refused at once with an
 * {@link OverloadError} that says when to come again, so that waiting never grows beyond what is worth waiting for.
 */
export class MicroBatcher<I, O> {
  private readonly options: Required<MicroBatcherOptions<I, O>>;
  /** Requests with waiting items, in the order of their turns. */
  private requests: Request<I, O>[] = [];
  private waitingItems = 0;
  private readonly running = new Set<Running>();
  private unservedFirst = false;
  private windowEnd: (() => void) | undefined;
  /** Of sizes, in one slot. */
  private readonly pace = new Pace(0.8);

  constructor(options: MicroBatcherOptions<I, O>) {
    this.options = {
      concurrency: 1,
      maxItems: 64,
      maxSize: 4096,
      windowMs: 2,
      maxWaiting: 2048,
      maxWaitMs: 2000,
      timers: realTimers,
      ...options,
      run: (batch) => options.run(batch),
      size: (item) => options.size(item),
    };
  }

  /** Items that wait. */
  get waiting(): number {
    return this.waitingItems;
  }

  /**
   * Milliseconds until so many items are expected to be in a batch; 0 before the first batch has been computed. A guess
   * from the last batches, by sizes: exact where batches stay as full as they were, too long when they are fuller.
   */
  expectedWaitMs(items: number): number {
    const { concurrency, timers } = this.options;
    const msPerSize = this.pace.perUnit;
    // Of longer requests only as many items come before these as these are: they take turns.
    let ms = 0;
    for (const { queue, size } of this.requests) ms += msPerSize * size * Math.min(1, items / queue.length);
    if (this.running.size >= concurrency) {
      const now = timers.now();
      for (const { size, began } of this.running) ms += Math.max(0, msPerSize * size - (now - began));
    }
    return ms / concurrency;
  }

  /** The error with which `submit` would refuse so many items now, or undefined. */
  overload(items: number): OverloadError | undefined {
    const { maxWaiting, maxWaitMs } = this.options;
    const waiting = this.waitingItems;
    if (waiting + items > maxWaiting) {
      const all = this.expectedWaitMs(Number.POSITIVE_INFINITY);
      return new OverloadError(`${waiting} items wait already, of at most ${maxWaiting}.`, all);
    }
    const expected = this.expectedWaitMs(items);
    if (expected <= maxWaitMs) return undefined;
    return new OverloadError(`The wait would be about ${Math.round(expected)} ms.`, expected);
  }

  /**
   * Results of the items, in their order.
   * Throws OverloadError (RATE_LIMITED) when they do not fit into the queue or would wait too long, CANCELLED, and what
   * `run` throws.
   */
  submit(items: readonly I[], { signal, admitted = false }: SubmitOptions = {}): Promise<O[]> {
    if (signal?.aborted) return Promise.reject(cancelled());
    if (items.length === 0) return Promise.resolve([]);
    const overload = admitted ? undefined : this.overload(items.length);
    if (overload !== undefined) return Promise.reject(overload);
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.settle(request, () => reject(cancelled()));
      };
      const request: Request<I, O> = {
        queue: [],
        size: 0,
        results: new Array<O>(items.length),
        left: items.length,
        served: false,
        settled: false,
        resolve: (results) => {
          signal?.removeEventListener('abort', abort);
          resolve(results);
        },
        reject: (error) => {
          signal?.removeEventListener('abort', abort);
          reject(error);
        },
      };
      items.forEach((value, index) => {
        const size = this.options.size(value);
        request.queue.push({ value, size, index, request });
        request.size += size;
      });
      signal?.addEventListener('abort', abort, { once: true });
      this.requests.push(request);
      this.waitingItems += items.length;
      this.consider();
    });
  }

  /** Starts batches where a slot is free, or waits for company. */
  private consider(): void {
    const { concurrency, windowMs, maxItems, timers } = this.options;
    while (this.running.size < concurrency && this.waitingItems >= maxItems) this.start();
    if (this.waitingItems === 0 || this.running.size >= concurrency || this.windowEnd !== undefined) return;
    this.windowEnd = timers.after(windowMs, () => {
      this.windowEnd = undefined;
      while (this.running.size < concurrency && this.waitingItems > 0) this.start();
    });
  }

  private start(): void {
    this.windowEnd?.();
    this.windowEnd = undefined;
    const batch = this.take();
    const { run, timers } = this.options;
    const running = { size: batch.reduce((sum, { size }) => sum + size, 0), began: timers.now() };
    this.running.add(running);
    run(batch.map(({ value }) => value)).then(
      (results) => {
        this.pace.measured(running.size, timers.now() - running.began);
        // What is done with results may take longer than a batch: the next one is computed meanwhile.
        this.end(running);
        return this.handOut(batch, results);
      },
      (error: unknown) => {
        for (const { request } of batch) this.settle(request, () => request.reject(error));
        this.end(running);
      },
    );
  }

  private end(running: Running): void {
    this.running.delete(running);
    while (this.running.size < this.options.concurrency && this.waitingItems > 0) this.start();
  }

  /** Gives results to their requests, in turns of the event loop: others have to do with it what a request does. */
  private async handOut(batch: readonly Item<I, O>[], results: readonly O[]): Promise<void> {
    for (const [i, { request, index }] of batch.entries()) {
      if (i > 0 && i % handedOutAtATime === 0) await immediate();
      request.results[index] = results[i] as O;
      if (--request.left === 0) this.settle(request, () => request.resolve(request.results));
    }
  }

  /** Takes the next batch out of the queues. */
  private take(): Item<I, O>[] {
    const { maxItems, maxSize } = this.options;
    this.unservedFirst = !this.unservedFirst;
    const turns = this.unservedFirst
      ? [...this.requests.filter((r) => !r.served), ...this.requests.filter((r) => r.served)]
      : this.requests;
    const candidates = inTurn(turns, maxItems * lookAhead);
    const first = candidates[0] as Item<I, O>;
    const byDistance = candidates
      .map((item, turn) => ({ item, turn, distance: Math.abs(item.size - first.size) }))
      .sort((a, b) => a.distance - b.distance || a.turn - b.turn);
    const chosen = new Set<Item<I, O>>();
    let largest = first.size;
    for (const { item } of byDistance) {
      const next = Math.max(largest, item.size);
      if (chosen.size === maxItems) break;
      if (chosen.size > 0 && next * (chosen.size + 1) > maxSize) continue;
      largest = next;
      chosen.add(item);
    }
    const owners = new Set([...chosen].map(({ request }) => request));
    for (const request of owners) {
      const rest = request.queue.filter((item) => !chosen.has(item));
      request.queue.splice(0, request.queue.length, ...rest);
      request.size = rest.reduce((sum, { size }) => sum + size, 0);
      request.served = true;
    }
    this.waitingItems -= chosen.size;
    // Those served stand behind the others now.
    const open = this.requests.filter(({ queue }) => queue.length > 0);
    this.requests = [...open.filter((r) => !owners.has(r)), ...open.filter((r) => owners.has(r))];
    return [...chosen];
  }

  /** Ends a request once, and takes what it still has waiting out of the queue. */
  private settle(request: Request<I, O>, settle: () => void): void {
    if (request.settled) return;
    request.settled = true;
    this.waitingItems -= request.queue.length;
    request.queue.length = 0;
    this.requests = this.requests.filter((r) => r !== request);
    settle();
  }
}

/** Up to `count` waiting items, the requests taking turns. */
function inTurn<I, O>(requests: readonly Request<I, O>[], count: number): Item<I, O>[] {
  const items: Item<I, O>[] = [];
  for (let round = 0; items.length < count; round++) {
    const before = items.length;
    for (const { queue } of requests) {
      const item = queue[round];
      if (item !== undefined && items.length < count) items.push(item);
    }
    if (items.length === before) break;
  }
  return items;
}

function cancelled(): PerennialError {
  return new PerennialError('CANCELLED', 'The request was cancelled while it waited');
}
