import type { MemoryEntry, ResourceRecord } from '../../../contracts/language-data.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Lease, ModelCache } from '../../serving/index.ts';
import { languageFit } from '../formats/languages.ts';
import type { MemoryService } from '../language-data/index.ts';
import type { ExactHit, MemoryLookUp, SimilarHit } from './look-up.ts';
import { MemoryIndex } from './memory-index.ts';
import type { LanguagePair } from './model.ts';

export interface MemoriesOptions {
  readonly memories: MemoryService;
  readonly clock: Clock;
  /** Memory of all indexes together, in bytes. */
  readonly limit: number;
  /** Milliseconds after which the list of memories is read again; default 3,000. */
  readonly refreshMs?: number;
  readonly onFailure?: (memory: string, error: unknown) => void;
}

/** Memories in use. */
export interface MemoriesInUse extends MemoryLookUp {
  /** Memories whose index does not fit into the bound: only their exact matches are found. */
  readonly leftOut: readonly string[];
  release(): void;
}

interface Held {
  readonly id: string;
  readonly index: MemoryIndex;
  version: number;
  /** Until the first page of what has changed is in the index. */
  updating: Promise<void> | null;
  /** Whether the pages after it are still being read. */
  isBehind: boolean;
}

/** Entries by which an index is brought up to date at a time. */
const pageSize = 500;

/**
 * Memories as the translator looks into them. Exact matches come from the repository, similar entries from indexes that are
 * built as they are needed. Both follow at once what people add, correct and take back: an index would else go on giving an
 * entry that is deleted. Only what comes in large files is followed beside the requests.
 */
export class Memories {
  readonly #options: MemoriesOptions;
  readonly #refreshMs: number;
  readonly #cache: ModelCache<Held>;
  #listed: { at: number; found: Promise<ResourceRecord[]> } | null = null;

  constructor(options: MemoriesOptions) {
    this.#options = options;
    this.#refreshMs = options.refreshMs ?? 3000;
    this.#cache = new ModelCache<Held>({
      limit: options.limit,
      load: async (id) => {
        const held = await this.#build(id);
        return { value: held, bytes: () => held.index.bytes, dispose: () => {} };
      },
    });
  }

  /** Ids of the memories of a pair, those of the same region first. */
  async ofPair({ source, target }: LanguagePair): Promise<string[]> {
    const fitOf = (memory: ResourceRecord) =>
      Math.min(languageFit(memory.source, source), languageFit(memory.target, target));
    return (await this.#list())
      .map((memory) => ({ id: memory.id, fit: memory.entries > 0 ? fitOf(memory) : 0 }))
      .filter((memory) => memory.fit > 0)
      .sort((a, b) => b.fit - a.fit || (a.id < b.id ? -1 : 1))
      .map(({ id }) => id);
  }

  /**
   * Memories for a request.
   *
   * @param ids the best first.
   * @param similar whether similar entries are wanted, for which indexes are built.
   * @throws NOT_FOUND for an id that is none.
   */
  async use(ids: readonly string[], similar: boolean, signal?: AbortSignal): Promise<MemoriesInUse> {
    const leases: Lease<Held>[] = [];
    const leftOut: string[] = [];
    const release = () => {
      for (const lease of leases) lease.release();
    };
    try {
      // One after another: nobody should wait for one while holding others that take its room.
      for (const id of similar ? ids : []) {
        const lease = await this.#acquire(id, signal);
        if (lease === null) leftOut.push(id);
        else leases.push(lease);
      }
      await Promise.all(leases.map(({ value }) => this.#follow(value)));
    } catch (error) {
      release();
      throw error;
    }
    return {
      leftOut,
      release,
      exact: (sources) => this.#exact(ids, sources),
      similar: (masked, threshold) => {
        let best: SimilarHit | null = null;
        for (const { value } of leases) {
          const hit = value.index.similar(masked, Math.max(threshold, best?.score ?? 0));
          if (hit && (best === null || hit.score > best.score)) best = hit;
        }
        return best;
      },
    };
  }

  /** NOT_FOUND for an id that is none. */
  async check(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.#options.memories.get(id);
  }

  async #exact(ids: readonly string[], sources: readonly string[]): Promise<Map<string, ExactHit>> {
    const found = new Map<string, ExactHit>();
    if (ids.length === 0) return found;
    const rank = new Map(ids.map((id, i) => [id, i]));
    const order = (entry: MemoryEntry & { readonly resource: string }) => rank.get(entry.resource) ?? ids.length;
    for (const [source, entries] of await this.#options.memories.exact(ids, sources)) {
      // Entries without a context are meant for all; of the others the newest.
      const [best] = [...entries].sort(
        (a, b) =>
          order(a) - order(b) || Number(a.context !== '') - Number(b.context !== '') || b.validFrom - a.validFrom,
      );
      if (best) found.set(source, { memory: best.resource, entry: best.id, source: best.source, target: best.target });
    }
    return found;
  }

  #list(): Promise<ResourceRecord[]> {
    const now = this.#options.clock.now().getTime();
    if (this.#listed === null || now - this.#listed.at >= this.#refreshMs) {
      const found = this.#readList();
      this.#listed = { at: now, found };
      found.catch(() => {
        this.#listed = null;
      });
    }
    return this.#listed.found;
  }

  async #readList(): Promise<ResourceRecord[]> {
    const all: ResourceRecord[] = [];
    for (let cursor: string | null = null; ; ) {
      const page: { resources: ResourceRecord[]; next: string | null } = await this.#options.memories.list({
        limit: 500,
        ...(cursor === null ? {} : { cursor }),
      });
      all.push(...page.resources);
      cursor = page.next;
      if (cursor === null) return all;
    }
  }

  /** The index of a memory, null when it is too large. */
  async #acquire(id: string, signal: AbortSignal | undefined): Promise<Lease<Held> | null> {
    try {
      return await this.#cache.acquire(id, signal);
    } catch (error) {
      if ((error as { code?: string }).code !== 'UNAVAILABLE') throw error;
      this.#options.onFailure?.(id, error);
      return null;
    }
  }

  async #build(id: string): Promise<Held> {
    const { memories, limit } = this.#options;
    const { version } = await memories.get(id);
    const index = new MemoryIndex(id);
    for await (const page of await memories.stream(id, version)) {
      for (const entry of page) index.add(entry);
      // The cache says so.
      if (index.bytes > limit) break;
    }
    return { id, index, version, updating: null, isBehind: false };
  }

  /** Brings an index to what its memory is now. One that fails stays as it is, and is tried again by the next request. */
  async #follow(held: Held): Promise<void> {
    // It may have looked at the memory before the last change.
    await held.updating;
    held.updating ??= this.#update(held)
      .catch((error: unknown) => this.#options.onFailure?.(held.id, error))
      .finally(() => {
        held.updating = null;
      });
    await held.updating;
  }

  /** Reads the first page of what has changed; pages after it go on beside the requests. */
  async #update(held: Held): Promise<void> {
    const { id } = held;
    const { version } = await this.#options.memories.get(id);
    if (version === held.version || held.isBehind) return;
    const next = await this.#read(held, version, null);
    if (next === null) {
      held.version = version;
      return;
    }
    held.isBehind = true;
    this.#readRest(held, version, next)
      .catch((error: unknown) => this.#options.onFailure?.(id, error))
      .finally(() => {
        held.isBehind = false;
      });
  }

  async #readRest(held: Held, version: number, from: string): Promise<void> {
    for (let cursor: string | null = from; cursor !== null; ) cursor = await this.#read(held, version, cursor);
    held.version = version;
  }

  /** Takes a page of what has changed into an index, and tells where the next one begins; null: that was the last. */
  async #read({ id, index, version: from }: Held, to: number, cursor: string | null): Promise<string | null> {
    const { differences, next } = await this.#options.memories.diff(id, from, to, {
      limit: pageSize,
      ...(cursor === null ? {} : { cursor }),
    });
    for (const { before, after } of differences) {
      if (after !== null) index.add(after);
      else if (before !== null) index.remove(before.id);
    }
    return next;
  }
}
