import { randomUUID } from 'node:crypto';
import { errorKinds, PerennialError, toErrorInfo } from '../../contracts/errors.ts';
import type { ComparedAnswer, Comparison } from '../../contracts/rollouts.ts';
import {
  isSameVariant,
  type ServingVariant,
  type TrafficRollout,
  variantKey,
  variantName,
} from '../../contracts/traffic.ts';
import { TokenBucket } from './token-bucket.ts';
import type { FollowedTraffic } from './traffic-table.ts';

/** What a request has to do with a rollout, computed by a model in use of the type `M`. */
export interface Trial<M> {
  readonly rollout: TrafficRollout;
  readonly base: ServingVariant;
  readonly candidate: ServingVariant;
  readonly served: 'base' | 'candidate';
  /** Why the base answers, though the candidate should; null: nothing is wrong. */
  readonly fault: unknown;
  /** Whether there is time to have the request answered by the other variant too. */
  isCompared(): boolean;
  /** The other variant. Errors as of a model that is asked for. */
  other(): Promise<M>;
}

/** A model in use, as a trial needs to know it. */
export interface TriedModel<M> {
  /** The rollout that the request takes part in; null: none. */
  readonly trial: Trial<M> | null;
  /** To be called when it is no longer needed; may be called more than once. */
  release(): void;
}

/** How much is compared of each rollout. */
export class Trials {
  readonly #buckets = new Map<string, TokenBucket>();

  /**
   * What a request that a variant answers has to do with the rollout of its traffic; null: nothing.
   *
   * @param lease gets a variant ready, as the request would.
   */
  of<M>(
    traffic: FollowedTraffic,
    served: ServingVariant,
    lease: (variant: ServingVariant) => Promise<M>,
  ): Trial<M> | null {
    const { rollout, routes } = traffic;
    const [base, candidate] = routes;
    if (rollout === null || base === undefined || candidate === undefined) return null;
    const isBase = isSameVariant(served, base);
    const other = isBase ? candidate : base;
    return {
      rollout,
      base,
      candidate,
      served: isBase ? 'base' : 'candidate',
      fault: null,
      isCompared: () => this.#bucketOf(rollout).take(),
      other: async () => {
        checkLoaded(traffic, other);
        return lease(other);
      },
    };
  }

  #bucketOf({ id, comparedPerSecond }: TrafficRollout): TokenBucket {
    let bucket = this.#buckets.get(id);
    if (bucket === undefined) {
      bucket = new TokenBucket(comparedPerSecond);
      // Models have a rollout at a time; those that ended need none any more.
      if (this.#buckets.size > 100) this.#buckets.clear();
      this.#buckets.set(id, bucket);
    }
    return bucket;
  }
}

/**
 * The model that answers a request: the variant of its caller, or in a rollout the base where the candidate cannot be got.
 *
 * @throws as `lease` does.
 */
export async function leaseInTrial<M extends TriedModel<M>>(
  traffic: FollowedTraffic,
  variant: ServingVariant,
  trial: Trial<M> | null,
  lease: (variant: ServingVariant) => Promise<M>,
  signal?: AbortSignal,
): Promise<M> {
  if (trial === null) return lease(variant);
  if (trial.served === 'base') return { ...(await lease(variant)), trial };
  try {
    checkLoaded(traffic, variant);
    return { ...(await lease(variant)), trial };
  } catch (fault) {
    if (signal?.aborted) throw fault;
    // The caller is answered all the same; the rollout hears of it.
    return { ...(await lease(trial.base)), trial: { ...trial, fault } };
  }
}

/** Throws MODEL_FORMAT for a variant that this replica could not load when its traffic came. */
function checkLoaded({ model, broken }: FollowedTraffic, variant: ServingVariant): void {
  if (!broken.has(variantKey(variant))) return;
  throw new PerennialError('MODEL_FORMAT', `Version ${variantName(variant)} of ${model} could not be loaded.`, {
    remedy: 'See the log of the serving process.',
  });
}

export interface TrialRun<M, R> {
  readonly result: R;
  /** What computed it. */
  readonly model: M;
  /** Settles when the other variant has answered too; never rejects. Until then what `work` uses must stay. */
  readonly compared: Promise<void>;
}

type Scores = ComparedAnswer['scores'];

export interface TrialHooks<M, R> {
  /** Milliseconds that only grow. */
  now(): number;
  /** The time of day. */
  date(): Date;
  /** Of the caller, by which labels that come later are joined. Default: a new one. */
  readonly requestId?: string | undefined;
  record(comparison: Comparison): void;
  /** Scores of 0 to 1 of an answer. Default: none. */
  readonly scoresOf?: (result: R) => Scores;
  /** Scores of 0 to 1 of how both answers agree, that of the caller first. Default: none. */
  readonly agreementOf?: (own: R, other: R) => Scores;
  /** Whether a model has a part in an answer: another is not compared. Default: it has. */
  readonly isByModel?: (result: R) => boolean;
  /** Hears what the other variant answers. Default: nothing. */
  readonly beside?: (result: R, model: M) => void;
}

/** Computes by a model; `isAsked`: the caller may get what it gives. */
export type TrialWork<M, R> = (model: M, isAsked: boolean) => Promise<R>;

/**
 * Computes an answer by a model. In a rollout a candidate that fails is stood in for by the base, and some requests are
 * answered by both, by the other one after the caller has its answer.
 *
 * @param work computes by a model; called once or twice.
 */
export async function runInTrial<M extends TriedModel<M>, R>(
  model: M,
  work: TrialWork<M, R>,
  hooks: TrialHooks<M, R>,
): Promise<TrialRun<M, R>> {
  const { trial } = model;
  const compared = Promise.resolve();
  if (trial === null) return { result: await work(model, true), model, compared };
  const tell = (base: ComparedAnswer, candidate: ComparedAnswer): void =>
    hooks.record({
      rolloutId: trial.rollout.id,
      step: trial.rollout.step,
      at: hooks.date().toISOString(),
      requestId: hooks.requestId ?? randomUUID(),
      served: trial.served,
      base,
      candidate,
    });
  const own = await attempt(() => work(model, true), hooks);
  // Nobody waits for a model while holding another.
  model.release();
  if (trial.fault !== null) {
    if ('failure' in own) throw own.failure;
    tell(answerOf(own, hooks), failed(trial.fault, 0));
    return { result: own.result, model, compared };
  }
  if ('failure' in own) {
    if (!isModels(own.failure) || trial.served === 'base') throw own.failure;
    const base = await trial.other();
    try {
      const stoodIn = await attempt(() => work(base, true), hooks);
      if ('failure' in stoodIn) throw stoodIn.failure;
      tell(answerOf(stoodIn, hooks), failed(own.failure, own.ms));
      return { result: stoodIn.result, model: base, compared };
    } finally {
      base.release();
    }
  }
  const says = hooks.isByModel?.(own.result) ?? true;
  if (!says || !trial.isCompared()) return { result: own.result, model, compared };
  return { result: own.result, model, compared: compareWithOther(trial, own, work, hooks, tell).catch(() => {}) };
}

interface Success<R> {
  readonly ms: number;
  readonly result: R;
}
type Attempt<R> = Success<R> | { readonly ms: number; readonly failure: unknown };

async function attempt<R>(work: () => Promise<R>, { now }: Pick<TrialHooks<never, R>, 'now'>): Promise<Attempt<R>> {
  const began = now();
  try {
    const result = await work();
    return { ms: now() - began, result };
  } catch (failure) {
    return { ms: now() - began, failure };
  }
}

async function compareWithOther<M extends TriedModel<M>, R>(
  trial: Trial<M>,
  own: Success<R>,
  work: TrialWork<M, R>,
  hooks: TrialHooks<M, R>,
  tell: (base: ComparedAnswer, candidate: ComparedAnswer) => void,
): Promise<void> {
  const answered = await attempt(async () => {
    const other = await trial.other();
    try {
      const result = await work(other, false);
      hooks.beside?.(result, other);
      return result;
    } finally {
      other.release();
    }
  }, hooks);
  // Where there is no room for comparing, nothing is told about the version.
  if ('failure' in answered && !isModels(answered.failure)) return;
  const theirs = 'failure' in answered ? failed(answered.failure, answered.ms) : answerOf(answered, hooks);
  const ours = answerOf(own, hooks);
  const [base, candidate] = trial.served === 'base' ? [ours, theirs] : [theirs, ours];
  const agreement = 'failure' in answered ? {} : (hooks.agreementOf?.(own.result, answered.result) ?? {});
  tell(base, { ...candidate, scores: { ...candidate.scores, ...agreement } });
}

/** Whether a variant is to blame: not a request that cannot be done, waited too long, or was given up. */
function isModels(failure: unknown): boolean {
  if (!(failure instanceof PerennialError) || failure.code === 'MODEL_FORMAT') return true;
  return errorKinds[failure.code].fault !== 'caller';
}

function failed(failure: unknown, ms: number): ComparedAnswer {
  return { error: toErrorInfo(failure).code, ms, scores: {} };
}

function answerOf<M, R>({ ms, result }: Success<R>, { scoresOf }: TrialHooks<M, R>): ComparedAnswer {
  return { error: null, ms, scores: scoresOf?.(result) ?? {} };
}
