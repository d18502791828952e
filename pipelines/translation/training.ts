import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { type Example, ExampleMaker } from '../../domain/nlp/examples/index.ts';
import type { TrainHooks } from '../../domain/nlp/index.ts';
import { bleu } from '../../domain/nlp/metrics/index.ts';
import { Random } from '../../domain/nlp/random.ts';
import { factorCount, type Segment, Subwords } from '../../domain/nlp/subwords/index.ts';
import { type Aligner, TermSampler } from '../../domain/nlp/terminology/index.ts';
import {
  mixCorpora,
  type Trained,
  type TransformerShape,
  type TransformerWeights,
  trainTransformer,
} from '../../domain/nlp/transformer/index.ts';
import type { LanguagePair } from '../../domain/nlp/translator/index.ts';
import type { ArtifactStore } from '../../domain/ports/artifacts.ts';
import type { TranslationParams } from './params.ts';
import { sizes } from './sizes.ts';
import type { TrainingPair } from './training-pairs.ts';

/** Shape of a model of a size over a vocabulary. */
export function shapeOf(size: TranslationParams['size'], vocabulary: number): TransformerShape {
  return { ...sizes[size].shape, vocabulary, factors: factorCount };
}

/** Shares of sentences, 0 to 1, that are shown with something beside them. */
export interface Shown {
  /** Target terms within the source (Dinu et al. 2019; Bergmanis and Pinnis 2021). */
  readonly terms: number;
  /** Of those terms: exchanged for invented words on both sides, so that the model learns to copy what it has never seen. */
  readonly invented: number;
  /** Of those with a similar sentence: its translation behind the source (Bulte and Tezcan 2019). */
  readonly fuzzy: number;
  /** Placeholders around or instead of words. */
  readonly placeholders: number;
}

/** Share of invented terms whose source word is invented too: glossaries are full of words that stand nowhere else. */
const inventedSources = 0.5;

export interface TrainingTask {
  readonly pair: LanguagePair;
  readonly params: Pick<TranslationParams, 'size' | 'seed'>;
  readonly subwords: Subwords;
  readonly aligner: Aligner;
  /** Every epoch has all pairs of the first and as many of each other one. */
  readonly corpora: readonly (readonly TrainingPair[])[];
  readonly shown: Shown;
  /** Judged as they are and with terms, invented ones among them. */
  readonly dev: readonly TrainingPair[];
  readonly hours: number;
  /** Weights to adapt. The schedule begins anew: a domain far from general text is not learnt at the rate that training ended with. */
  readonly start?: TransformerWeights;
}

/** Trains a model of a size on pairs; the snapshots with the best BLEU on `dev` are averaged. */
export function trainOn(task: TrainingTask, hooks: TrainHooks): Promise<Trained> {
  const { params, subwords, hours, start } = task;
  const { tokensPerBatch, rate, warmup, dropout, subwordDropout, epochs } = sizes[params.size];
  const judged = judgedOf(task);
  const references = judged.map(({ reference }) => reference);
  return trainTransformer(
    {
      shape: shapeOf(params.size, subwords.size),
      examples: epochsOf(task, subwordDropout),
      dev: judged.map(({ example }) => example),
      devScore: (translations) =>
        bleu(
          translations.map((ids) => subwords.decode(ids)),
          references,
        ).score,
      tokensPerBatch,
      rate,
      warmup,
      dropout,
      epochs,
      hours,
      seed: params.seed,
      ...(start ? { start } : {}),
    },
    hooks,
  );
}

interface Judged {
  readonly example: Example;
  readonly reference: string;
}

/** The pairs as they are, and those in which terms could be annotated with them too: early stopping is to see whether they are obeyed. */
function judgedOf({ dev, subwords, pair, params }: TrainingTask): Judged[] {
  const sampler = new TermSampler(dev, { seed: params.seed, epoch: 0, share: 1, invented: 0.5, inventedSources });
  const judged = (source: string | readonly Segment[], target: string): Judged => ({
    example: {
      ...subwords.encodeSource(source, { language: pair.source }),
      target: subwords.encodeTarget(target, { language: pair.target }),
    },
    reference: target,
  });
  const plain = dev.map(({ source, target }) => judged(source, target));
  const annotated = dev.flatMap((_, i) => {
    const { source, target, terms } = sampler.draw(i);
    return terms === 0 ? [] : [judged(source, target)];
  });
  return [...plain, ...annotated];
}

/** The examples of an epoch: anew in each, the same for the same seed. */
function epochsOf(task: TrainingTask, dropout: number): (epoch: number) => Example[] {
  const { pair, params, subwords, aligner, corpora, shown } = task;
  const makers = corpora.map(
    (pairs) =>
      new ExampleMaker(
        pairs,
        pairs.map(({ neighbour }) => neighbour),
        {
          subwords,
          languages: pair,
          seed: params.seed,
          aligner,
          dropout,
          terms: { share: shown.terms, invented: shown.invented, inventedSources },
          placeholders: { share: shown.placeholders },
          fuzzyShare: shown.fuzzy,
        },
      ),
  );
  const counts = corpora.map((pairs) => pairs.length);
  const first = counts[0] ?? 0;
  return (epoch) => {
    const random = new Random(Math.imul(params.seed + 1, 0x27d4eb2f) + epoch);
    // All alike, whatever their sizes are.
    const drawn = mixCorpora(counts, Number.POSITIVE_INFINITY, random, first * corpora.length);
    return drawn.flatMap((indices, corpus) =>
      Array.from(indices).flatMap((index) => makers[corpus]?.make(index, epoch) ?? []),
    );
  };
}

/** The vocabulary of an artifact. */
export async function loadSubwords(ref: ArtifactRef, artifacts: ArtifactStore): Promise<Subwords> {
  return Subwords.parse(new TextDecoder().decode(await artifacts.getBytes(ref)));
}
