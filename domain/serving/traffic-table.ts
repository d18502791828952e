import { type ServingVariant, type TrafficRecord, variantKey, variantName } from '../../contracts/traffic.ts';
import type { TrafficRepository } from '../ports/traffic.ts';
import { type Coalesced, coalesced } from './coalesced.ts';

export interface TrafficTableOptions {
  readonly traffic: Pick<TrafficRepository, 'list' | 'watch'>;
  /** Whether a model is served here; the traffic of others is passed over. */
  serves(model: string): boolean;
  /** Loads a variant, so that it is warm when it answers. A failure keeps it from answering in the traffic that names it. */
  prepare(model: string, variant: ServingVariant): Promise<void>;
  /** Hears what failed; the traffic known before goes on. */
  onFailure(what: string, error: unknown): void;
  /** Milliseconds after which traffic is read again though nothing was heard; default 5,000. */
  readonly refreshMs?: number;
}

/** Traffic as a replica follows it. */
export interface FollowedTraffic extends TrafficRecord {
  /** Variants that this replica could not load, by their keys. */
  readonly broken: ReadonlySet<string>;
}

/** A model's traffic: what is answered by, and what is to be. */
interface Followed {
  newest: TrafficRecord;
  answered: FollowedTraffic;
  /** Makes the newest the one that is answered by. */
  readonly advance: Coalesced;
}

/**
 * The traffic of all models as a replica follows it: told of changes by the database, it loads the variants a change brings,
 * and only then answers by it, while those from before go on. A model that takes long to load keeps no other waiting.
 */
export class TrafficTable {
  readonly #options: TrafficTableOptions;
  readonly #followed = new Map<string, Followed>();
  readonly #refresh: Coalesced;
  #first: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #unwatch: Promise<() => Promise<void>> | null = null;

  constructor(options: TrafficTableOptions) {
    this.#options = options;
    this.#refresh = coalesced(() =>
      this.#read().catch((error: unknown) => this.#options.onFailure('The traffic', error)),
    );
  }

  /** The traffic of a model; null: nothing is said about it. The first call begins to follow, and waits for the first reading. */
  async of(model: string): Promise<FollowedTraffic | null> {
    if (this.#first === null) {
      this.#timer = setInterval(() => void this.#refresh.ask(), this.#options.refreshMs ?? 5000).unref();
      this.#first = this.#refresh.ask();
    }
    await this.#first;
    const answered = this.#followed.get(model)?.answered;
    return answered === undefined || answered.routes.length === 0 ? null : answered;
  }

  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#refresh.idle();
    await Promise.all([...this.#followed.values()].map(({ advance }) => advance.idle()));
    await (await this.#unwatch?.catch(() => undefined))?.();
  }

  async #read(): Promise<void> {
    this.#unwatch ??= this.#options.traffic.watch(() => void this.#refresh.ask());
    await this.#unwatch.catch((error: unknown) => {
      this.#unwatch = null;
      throw error;
    });
    for (const record of await this.#options.traffic.list()) {
      if (!this.#options.serves(record.model)) continue;
      const followed = this.#followed.get(record.model);
      if (followed === undefined) this.#begin(record);
      else {
        followed.newest = record;
        void followed.advance.ask();
      }
    }
  }

  /** Variants known from the beginning are loaded by the first request for them: a replica may serve few of all models. */
  #begin(record: TrafficRecord): void {
    const followed: Followed = {
      newest: record,
      answered: { ...record, broken: new Set() },
      advance: coalesced(() => this.#advance(followed)),
    };
    this.#followed.set(record.model, followed);
  }

  async #advance(followed: Followed): Promise<void> {
    const { newest, answered } = followed;
    if (answered.revision >= newest.revision && answered.broken.size === 0) return;
    const broken = new Set<string>();
    for (const variant of wanted(newest)) {
      try {
        await this.#options.prepare(newest.model, variant);
      } catch (error) {
        broken.add(variantKey(variant));
        this.#options.onFailure(`Version ${variantName(variant)} of ${newest.model}`, error);
      }
    }
    followed.answered = { ...newest, broken };
  }
}

/** Routes whose variants are needed: those that answer, and in a rollout those that are compared. */
function wanted({ routes, rollout }: TrafficRecord): TrafficRecord['routes'] {
  return rollout === null ? routes.filter(({ share }) => share > 0) : routes;
}
