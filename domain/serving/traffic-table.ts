import type { TrafficRecord } from '../../contracts/traffic.ts';
import type { TrafficRepository } from '../ports/traffic.ts';

export interface TrafficTableOptions {
  readonly traffic: Pick<TrafficRepository, 'list' | 'watch'>;
  /** Loads a version, so that it is warm when it answers. A failure keeps it from answering in the traffic that names it. */
  prepare(model: string, version: number): Promise<void>;
  /** Hears what failed; the traffic known before goes on. */
  onFailure(what: string, error: unknown): void;
  /** Milliseconds after which traffic is read again though nothing was heard; default 5,000. */
  readonly refreshMs?: number;
}

/** Traffic as a replica follows it. */
export interface FollowedTraffic extends TrafficRecord {
  /** Versions that this replica could not load. */
  readonly broken: ReadonlySet<number>;
}

/**
 * The traffic of all models as a replica follows it: told of changes by the database, it loads the versions a change brings,
 * and only then answers by it, while the versions from before go on.
 */
export class TrafficTable {
  readonly #options: TrafficTableOptions;
  readonly #followed = new Map<string, FollowedTraffic>();
  #first: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #reading: Promise<void> | null = null;
  #again = false;
  #unwatch: Promise<() => Promise<void>> | null = null;

  constructor(options: TrafficTableOptions) {
    this.#options = options;
  }

  /** The traffic of a model; null: the champion answers all. The first call begins to follow, and waits for the first reading. */
  async of(model: string): Promise<FollowedTraffic | null> {
    if (this.#first === null) {
      this.#timer = setInterval(() => void this.#refresh(), this.#options.refreshMs ?? 5000).unref();
      this.#first = this.#refresh();
    }
    await this.#first;
    const followed = this.#followed.get(model);
    return followed === undefined || followed.routes.length === 0 ? null : followed;
  }

  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#reading;
    await (await this.#unwatch?.catch(() => undefined))?.();
  }

  /** Reads now; what changes while it reads is read thereafter. */
  #refresh(): Promise<void> {
    if (this.#reading) {
      this.#again = true;
      return this.#reading;
    }
    const reading = this.#read()
      .catch((error: unknown) => this.#options.onFailure('The traffic', error))
      .then(async () => {
        this.#reading = null;
        if (!this.#again) return;
        this.#again = false;
        await this.#refresh();
      });
    this.#reading = reading;
    return reading;
  }

  async #read(): Promise<void> {
    this.#unwatch ??= this.#options.traffic.watch(() => void this.#refresh());
    await this.#unwatch.catch((error: unknown) => {
      this.#unwatch = null;
      throw error;
    });
    const records = await this.#options.traffic.list();
    await Promise.all(records.map((record) => this.#follow(record)));
  }

  async #follow(record: TrafficRecord): Promise<void> {
    const { model, revision } = record;
    const known = this.#followed.get(model);
    if (known !== undefined && known.revision >= revision && known.broken.size === 0) return;
    const broken = new Set<number>();
    for (const { version } of wanted(record)) {
      try {
        // Those of the first reading are loaded by the first request for them: a replica may serve few of all models.
        if (known !== undefined) await this.#options.prepare(model, version);
      } catch (error) {
        broken.add(version);
        this.#options.onFailure(`Version ${version} of ${model}`, error);
      }
    }
    this.#followed.set(model, { ...record, broken });
  }
}

/** Routes whose versions are needed: those that answer, and in a rollout those that are compared. */
function wanted({ routes, rollout }: TrafficRecord): TrafficRecord['routes'] {
  return rollout === null ? routes.filter(({ share }) => share > 0) : routes;
}
