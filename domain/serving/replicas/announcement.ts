import { randomBytes, randomUUID } from 'node:crypto';
import type { ReplicaState, ServingReplica } from '../../../contracts/serving.ts';
import type { ReplicaRegistry } from '../../ports/serving.ts';

export interface AnnouncementOptions extends Pick<ServingReplica, 'address' | 'graphs' | 'startedAt'> {
  readonly registry: ReplicaRegistry;
  readonly id: string;
  /** By which calls to it are signed. */
  readonly key: Uint8Array;
  /** Milliseconds between two signs of life; default 2,000. */
  readonly everyMs?: number;
  /** Hears that the registry did not answer; the next sign of life tries again. */
  readonly onFailure?: (error: unknown) => void;
}

/** Milliseconds after which the records of replicas that died without a word are removed. */
const forgottenMs = 60_000;

/** Id and key of a replica, made anew with each start. */
export function newReplica(): { readonly id: string; readonly key: Uint8Array } {
  return { id: randomUUID(), key: new Uint8Array(randomBytes(32)) };
}

/** What a replica says of itself in the registry, with a sign of life every two seconds. */
export class Announcement {
  readonly #options: AnnouncementOptions;
  #state: ReplicaState = 'starting';
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | null = null;

  constructor(options: AnnouncementOptions) {
    this.#options = options;
  }

  get state(): ReplicaState {
    return this.#state;
  }

  /** Says that it is starting, and from then on that it lives. Throws UNAVAILABLE when the registry does not answer. */
  async open(): Promise<void> {
    await this.#announce();
    this.#timer = setInterval(() => {
      this.#beating ??= this.#beat().finally(() => {
        this.#beating = null;
      });
    }, this.#options.everyMs ?? 2_000);
  }

  /** Says that it is in another state now; every router hears at once. */
  async become(state: ReplicaState): Promise<void> {
    this.#state = state;
    await this.#announce();
  }

  /** Takes its record out. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
    await this.#options.registry.withdraw(this.#options.id);
  }

  #announce(): Promise<void> {
    const { registry, id, address, graphs, startedAt, key } = this.#options;
    return registry.announce({ id, address, graphs, startedAt, key, state: this.#state });
  }

  async #beat(): Promise<void> {
    const { registry, id, onFailure } = this.#options;
    try {
      if (!(await registry.beat(id))) await this.#announce();
      await registry.removeUnseen(forgottenMs);
    } catch (error) {
      onFailure?.(error);
    }
  }
}
