import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { TrainHooks } from '../../domain/nlp/index.ts';
import { bleu } from '../../domain/nlp/metrics/index.ts';
import { Subwords } from '../../domain/nlp/subwords/index.ts';
import {
  type Trained,
  type TransformerShape,
  type TransformerWeights,
  trainTransformer,
} from '../../domain/nlp/transformer/index.ts';
import type { LanguagePair } from '../../domain/nlp/translator/index.ts';
import type { ArtifactStore } from '../../domain/ports/artifacts.ts';
import type { StepContext } from '../../domain/ports/step-context.ts';
import type { TextPairRow } from './corpus.ts';
import { epochExamples, plainExamples, type Shown } from './examples.ts';
import type { TranslationParams } from './params.ts';
import { sizes } from './sizes.ts';
import type { TrainingPair } from './training-pairs.ts';

/** Kinds of source factors that models are made for; see domain/nlp/subwords. */
const factors = 5;

/** Shape of a model of a size over a vocabulary. */
export function shapeOf(size: TranslationParams['size'], vocabulary: number): TransformerShape {
  return { ...sizes[size].shape, vocabulary, factors };
}

export interface TrainingTask {
  readonly pair: LanguagePair;
  readonly params: Pick<TranslationParams, 'size' | 'seed'>;
  readonly subwords: Subwords;
  /** The pairs of an epoch. */
  readonly pairs: (epoch: number) => readonly TrainingPair[];
  readonly shown: Shown;
  readonly dev: readonly TextPairRow[];
  readonly hours: number;
  /** Weights to adapt: then the learning rate is a quarter. */
  readonly start?: TransformerWeights;
}

/** Trains a model of a size on pairs; the snapshots with the best BLEU on `dev` are averaged. */
export function trainOn(task: TrainingTask, hooks: TrainHooks): Promise<Trained> {
  const { pair, params, subwords, shown, dev, hours, start } = task;
  const { tokensPerBatch, rate, warmup, dropout, epochs } = sizes[params.size];
  const references = dev.map((row) => row.target);
  return trainTransformer(
    {
      shape: shapeOf(params.size, subwords.size),
      examples: (epoch) => epochExamples(task.pairs(epoch), { subwords, pair, seed: params.seed, epoch, shown }),
      dev: plainExamples(dev, subwords, pair),
      devScore: (translations) =>
        bleu(
          translations.map((ids) => subwords.decode([...ids])),
          references,
        ).score,
      tokensPerBatch,
      rate: start ? rate / 4 : rate,
      warmup: start ? Math.ceil(warmup / 4) : warmup,
      dropout,
      epochs,
      hours,
      seed: params.seed,
      ...(start ? { start } : {}),
    },
    hooks,
  );
}

/** The vocabulary of an artifact. */
export async function loadSubwords(ref: ArtifactRef, artifacts: ArtifactStore): Promise<Subwords> {
  return Subwords.parse(new TextDecoder().decode(await artifacts.getBytes(ref)));
}

/** What training tells a run; checkpoints under the run and the step. */
export function hooksOf(context: StepContext<TranslationParams>): TrainHooks {
  const { checkpoints } = context.services;
  const slot = `${context.runId}/${context.stepId}`;
  return {
    signal: context.signal,
    progress: (done, total, unit) => context.progress(done, total, unit),
    metric: (name, value) => context.metric(name, value),
    checkpoint: {
      async load() {
        const found = await checkpoints.load(slot);
        if (found) context.log('info', 'going on from the checkpoint of an earlier attempt');
        return found;
      },
      save: (bytes) => checkpoints.save(slot, bytes),
    },
  };
}
