import { randomUUID } from 'node:crypto';
import { errorKinds, PerennialError, toErrorInfo } from '../../../contracts/errors.ts';
import type { ComparedAnswer, Comparison } from '../../../contracts/rollouts.ts';
import type { TrafficRollout } from '../../../contracts/traffic.ts';
import type { TranslatedText } from '../../../contracts/translation.ts';
import { TokenBucket } from '../../serving/index.ts';
import { chrf } from '../metrics/index.ts';
import type { ModelInUse, Trial } from './model-in-use.ts';

/** How much is compared of each rollout. */
export class Trials {
  readonly #buckets = new Map<string, TokenBucket>();

  of(rollout: TrafficRollout): Pick<Trial, 'rollout' | 'isCompared'> {
    const { id, comparedPerSecond } = rollout;
    let bucket = this.#buckets.get(id);
    if (bucket === undefined) {
      bucket = new TokenBucket(comparedPerSecond);
      // Models have a rollout at a time; those that ended need none any more.
      if (this.#buckets.size > 100) this.#buckets.clear();
      this.#buckets.set(id, bucket);
    }
    return { rollout, isCompared: () => (bucket as TokenBucket).take() };
  }
}

export interface TrialRun {
  readonly translations: TranslatedText[];
  /** What translated. */
  readonly model: Pick<ModelInUse, 'name' | 'version' | 'configuration'>;
  /** Settles when the other variant has answered too; never rejects. Until then what `work` uses must stay. */
  readonly compared: Promise<void>;
}

export interface TrialHooks {
  /** Milliseconds that only grow. */
  now(): number;
  /** The time of day. */
  date(): Date;
  /** Of the caller, by which labels that come later are joined. Default: a new one. */
  readonly requestId?: string | undefined;
  record(comparison: Comparison): void;
  /** Hears what the other version answers. Default: nothing. */
  readonly beside?: (
    translations: readonly TranslatedText[],
    model: Pick<ModelInUse, 'name' | 'version' | 'configuration'>,
  ) => void;
}

/** Translates by a model; `isAsked`: the caller may get what it gives. */
type TrialWork = (model: ModelInUse, isAsked: boolean) => Promise<TranslatedText[]>;

/**
 * Translates by a model. In a rollout a candidate that fails is stood in for by the base, and some requests are answered by
 * both, by the other one after the caller has its answer.
 *
 * @param work translates by a model; called once or twice.
 */
export async function translateInTrial(model: ModelInUse, work: TrialWork, hooks: TrialHooks): Promise<TrialRun> {
  const { trial } = model;
  if (trial === null) return { translations: await work(model, true), model, compared: Promise.resolve() };
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
    tell(answerOf(own), failed(trial.fault, 0));
    return { translations: own.translations, model, compared: Promise.resolve() };
  }
  if ('failure' in own) {
    if (!isModels(own.failure) || trial.served === 'base') throw own.failure;
    const base = await trial.other();
    try {
      const stoodIn = await attempt(() => work(base, true), hooks);
      if ('failure' in stoodIn) throw stoodIn.failure;
      tell(answerOf(stoodIn), failed(own.failure, own.ms));
      return { translations: stoodIn.translations, model: base, compared: Promise.resolve() };
    } finally {
      base.release();
    }
  }
  const says = own.translations.some(({ origin }) => origin === 'model' || origin === 'mixed');
  if (!says || !trial.isCompared()) return { translations: own.translations, model, compared: Promise.resolve() };
  const compared = compareWithOther(trial, own, work, hooks, tell).catch(() => {});
  return { translations: own.translations, model, compared };
}

type Attempt = { readonly ms: number } & ({ readonly translations: TranslatedText[] } | { readonly failure: unknown });
type Success = Extract<Attempt, { translations: unknown }>;

async function attempt(work: () => Promise<TranslatedText[]>, { now }: TrialHooks): Promise<Attempt> {
  const began = now();
  try {
    const translations = await work();
    return { ms: now() - began, translations };
  } catch (failure) {
    return { ms: now() - began, failure };
  }
}

async function compareWithOther(
  trial: Trial,
  own: Success,
  work: TrialWork,
  hooks: TrialHooks,
  tell: (base: ComparedAnswer, candidate: ComparedAnswer) => void,
): Promise<void> {
  const answered = await attempt(async () => {
    const other = await trial.other();
    try {
      const translations = await work(other, false);
      hooks.beside?.(translations, other);
      return translations;
    } finally {
      other.release();
    }
  }, hooks);
  // Where there is no room for comparing, nothing is told about the version.
  if ('failure' in answered && !isModels(answered.failure)) return;
  const theirs = 'failure' in answered ? failed(answered.failure, answered.ms) : answerOf(answered);
  const [base, candidate] = trial.served === 'base' ? [answerOf(own), theirs] : [theirs, answerOf(own)];
  if ('failure' in answered) return tell(base, candidate);
  const agreement =
    chrf(
      own.translations.map(({ text }) => text),
      answered.translations.map(({ text }) => text),
    ) / 100;
  tell(base, { ...candidate, scores: { ...candidate.scores, agreement } });
}

/** Whether a variant is to blame: not a request that cannot be done, waited too long, or was given up. */
function isModels(failure: unknown): boolean {
  if (!(failure instanceof PerennialError) || failure.code === 'MODEL_FORMAT') return true;
  return errorKinds[failure.code].fault !== 'caller';
}

function failed(failure: unknown, ms: number): ComparedAnswer {
  return { error: toErrorInfo(failure).code, ms, scores: {} };
}

/** Scores: the share of terms that are used, how sure the model was. */
function answerOf({ ms, translations }: Success): ComparedAnswer {
  const terms = translations.flatMap((translation) => translation.terms);
  const confidence = translations.reduce((sum, translation) => sum + translation.confidence, 0) / translations.length;
  const used = terms.filter(({ form }) => form !== 'missed').length;
  return { error: null, ms, scores: { confidence, ...(terms.length === 0 ? {} : { terms: used / terms.length }) } };
}
