import { PerennialError } from '../../../contracts/errors.ts';
import { callHeader, ReplicaLostError } from '../../../contracts/serving.ts';
import type { Clock } from '../../ports/clock.ts';
import type {
  KnownReplica,
  ReplicaAnswer,
  ReplicaCall,
  ReplicaRegistry,
  ReplicaTransport,
} from '../../ports/serving.ts';
import { type Coalesced, coalesced } from '../coalesced.ts';
import { signCall } from './call-signature.ts';

export interface ReplicaRouterOptions {
  readonly registry: Pick<ReplicaRegistry, 'list' | 'watch'>;
  readonly transport: ReplicaTransport;
  readonly clock: Clock;
  /** Milliseconds between two looks at the registry when nothing is told; default 2,000. */
  readonly everyMs?: number;
  /** Hears that the registry could not be read; the replicas known go on being used. */
  readonly onFailure?: (error: unknown) => void;
  /** Hears how each call to a replica ended. */
  readonly onCall?: (address: string, outcome: CallOutcome) => void;
}

/** `answered`: whatever the answer; `lost`: tried on another one. */
export type CallOutcome = 'answered' | 'lost' | 'cancelled';

/** A call without what the router adds. */
export interface RoutedCall extends Omit<ReplicaCall, 'headers'> {
  readonly headers?: Readonly<Record<string, string>>;
  /** Id of the key whose holder asked. */
  readonly caller?: string;
}

/** Milliseconds after which a replica that says nothing is taken for dead. */
const staleMs = 10_000;

/** Whether a replica that was last seen so long ago is taken for dead. */
export function isStale(seenAgoMs: number): boolean {
  return seenAgoMs > staleMs;
}

interface Member {
  replica: KnownReplica;
  inFlight: number;
  /** Others go first until then (milliseconds since 1970), as a connection to it failed. */
  doubtedUntil: number;
}

/** One try of a call. */
interface Turn {
  readonly replica: KnownReplica;
  /** Gives the error back when another replica may be tried, else throws it. */
  failed(error: unknown): ReplicaLostError;
  end(): void;
}

/** Most tries of a call, and of a call on one replica: a connection that was idle may be closed when it is used. */
const most = { tries: 4, onOne: 2 } as const;
/** Milliseconds for which a replica that was lost is asked only when there is no other. */
const doubtMs = 3_000;

/**
 * Sends calls to the ready replica with the fewest of this process's calls in flight. A call whose replica is lost before
 * its answer is complete is sent to another one: what replicas compute changes nothing, so that doing it twice does no
 * harm.
 */
export class ReplicaRouter {
  readonly #options: Required<Omit<ReplicaRouterOptions, 'onFailure' | 'onCall'>> & ReplicaRouterOptions;
  #members = new Map<string, Member>();
  /** No replica is taken for dead before: after an outage of the registry all look unseen. */
  #trustFrom = 0;
  #failed = false;
  readonly #refresh: Coalesced;
  #timer: NodeJS.Timeout | undefined;
  #unwatch: (() => Promise<void>) | undefined;

  constructor(options: ReplicaRouterOptions) {
    this.#options = { everyMs: 2_000, ...options };
    this.#refresh = coalesced(() =>
      this.#read().catch((error: unknown) => {
        this.#failed = true;
        this.#options.onFailure?.(error);
      }),
    );
  }

  /** Reads the registry, and again after every change. Throws what the first reading throws. */
  async open(): Promise<void> {
    this.#unwatch = await this.#options.registry.watch(() => void this.#refresh.ask());
    await this.#read();
    this.#timer = setInterval(() => void this.#refresh.ask(), this.#options.everyMs);
  }

  /** Replicas that are not taken for dead. */
  replicas(): KnownReplica[] {
    return [...this.#members.values()].map(({ replica }) => replica);
  }

  /** Throws UNAVAILABLE when no replica is ready for the graph. */
  check(graph: string): void {
    if (this.#candidates(graph).length === 0) throw this.#none(graph);
  }

  /**
   * Makes a call and reads its answer, on another replica if one is lost meanwhile.
   *
   * @param read takes the answer; what it throws, other than ReplicaLostError, is the caller's.
   * @throws UNAVAILABLE when no replica is ready, or all that were asked were lost; CANCELLED.
   */
  async call<T>(graph: string, call: RoutedCall, read: (answer: ReplicaAnswer) => Promise<T>): Promise<T> {
    const tried: Member[] = [];
    for (let lost: unknown; ; ) {
      const turn = this.#turn(graph, tried, lost, call.signal);
      try {
        return await read(await this.#send(turn.replica, call));
      } catch (error) {
        lost = turn.failed(error);
      } finally {
        turn.end();
      }
    }
  }

  /**
   * Makes a call whose answer comes piece by piece. Where a replica is lost on the way, another one goes on.
   *
   * @param call what is still to be asked for; asked again for each try.
   * @throws as {@link call}.
   */
  async *stream<T>(
    graph: string,
    call: () => RoutedCall,
    read: (answer: ReplicaAnswer) => AsyncIterable<T>,
  ): AsyncGenerator<T> {
    const tried: Member[] = [];
    for (let lost: unknown; ; ) {
      const rest = call();
      const turn = this.#turn(graph, tried, lost, rest.signal);
      try {
        yield* read(await this.#send(turn.replica, rest));
        return;
      } catch (error) {
        lost = turn.failed(error);
      } finally {
        turn.end();
      }
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#unwatch?.();
    await this.#refresh.idle();
    await this.#options.transport.close();
  }

  async #send(replica: KnownReplica, { caller = '', headers, ...call }: RoutedCall): Promise<ReplicaAnswer> {
    const { transport, clock } = this.#options;
    const signature = signCall(replica.key, { method: call.method, path: call.path, caller }, clock.now());
    const answer = await transport.send(replica.address, {
      ...call,
      headers: { ...headers, [callHeader]: signature },
    });
    // It goes away, or another process has its address now.
    const isLeaving = answer.status === 503 && answer.headers['connection'] === 'close';
    if (!isLeaving && answer.status !== 401) return answer;
    await answer.text();
    throw new ReplicaLostError(replica.address, isLeaving ? 'it is draining' : 'its key is another now');
  }

  /** A try on the best replica; throws `lost`, of the try before, when there is none left. */
  #turn(graph: string, tried: Member[], lost: unknown, signal: AbortSignal | undefined): Turn {
    const member = this.#choose(graph, tried);
    if (member === undefined) throw lost ?? this.#none(graph);
    tried.push(member);
    member.inFlight++;
    let outcome: CallOutcome = 'answered';
    return {
      replica: member.replica,
      failed: (error) => {
        if (!(error instanceof ReplicaLostError)) {
          if (signal?.aborted) outcome = 'cancelled';
          throw error;
        }
        outcome = 'lost';
        member.doubtedUntil = this.#options.clock.now().getTime() + doubtMs;
        void this.#refresh.ask();
        return error;
      },
      end: () => {
        member.inFlight--;
        this.#options.onCall?.(member.replica.address, outcome);
      },
    };
  }

  #choose(graph: string, tried: readonly Member[]): Member | undefined {
    if (tried.length >= most.tries) return undefined;
    const now = this.#options.clock.now().getTime();
    const rank = (member: Member): readonly number[] => [
      tried.filter((one) => one === member).length,
      member.doubtedUntil > now ? 1 : 0,
      member.inFlight,
    ];
    const [best] = this.#candidates(graph)
      .map((member) => ({ member, rank: rank(member) }))
      .filter((one) => (one.rank[0] as number) < most.onOne)
      .sort((a, b) => compare(a.rank, b.rank));
    return best?.member;
  }

  #candidates(graph: string): Member[] {
    return [...this.#members.values()].filter(
      ({ replica }) => replica.state === 'ready' && replica.graphs.includes(graph),
    );
  }

  #none(graph: string): PerennialError {
    const known = this.replicas().map(({ address, state }) => `${address} is ${state}`);
    return new PerennialError(
      'UNAVAILABLE',
      `No serving replica is ready for "${graph}"${known.length === 0 ? '' : `: ${known.join(', ')}`}.`,
      {
        remedy:
          'Wait until one has loaded its models, or start one: `node dist/workers/serving.js`; `perennial doctor` lists them.',
      },
    );
  }

  async #read(): Promise<void> {
    const { registry, transport, clock } = this.#options;
    const found = await registry.list();
    const now = clock.now().getTime();
    if (this.#failed) this.#trustFrom = now + staleMs;
    this.#failed = false;
    const alive = found.filter(({ seenAgoMs }) => !isStale(seenAgoMs) || now < this.#trustFrom);
    const before = this.#members;
    this.#members = new Map(
      alive.map((replica) => {
        const member = before.get(replica.id) ?? { replica, inFlight: 0, doubtedUntil: 0 };
        member.replica = replica;
        return [replica.id, member];
      }),
    );
    const addresses = new Set(alive.map(({ address }) => address));
    for (const { replica } of before.values()) if (!addresses.has(replica.address)) transport.forget(replica.address);
  }
}

/** By the first place in which they differ. */
function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : (a[at] as number) - (b[at] as number);
}
