import { type Booster, logistic, probability, scoreRows, trainBooster } from '../boosting/index.ts';
import type { TrainHooks } from '../nlp/index.ts';
import { type ContextModel, contextOf, contextScore, type JudgedMention, learnContext } from './context.ts';

/** Tells from a mention how likely the customer uses the product. */
export interface UsageModel {
  readonly context: ContextModel;
  readonly booster: Booster;
  /** Share of the products in use that are bought here. */
  readonly boughtHere: number;
}

/** Of the surest mentions, the share that `boughtHere` is read from. */
const surest = 0.25;
const folds = 2;

/**
 * Learns from positive and unlabelled examples (Elkan and Noto 2008): a product bought again and again is in use; one that
 * is not may be in use all the same, bought elsewhere. Which share of the used products is bought here does not depend on
 * how a text speaks of them, so it is read from the surest mentions, and divides the chance of a purchase.
 *
 * @throws DATA_MISSING without mentions; CANCELLED on abort.
 */
export async function trainUsage(
  mentions: readonly JudgedMention[],
  seed: number,
  hooks: TrainHooks,
): Promise<UsageModel> {
  // What surrounds a mention is judged by other customers' texts, else it would be known by heart.
  const halves = Array.from({ length: folds }, (_, fold) =>
    learnContext(mentions.filter(({ customer }) => customer % folds !== fold)),
  );
  const rows = mentions.map((one) => rowOf(one, halves[one.customer % folds] as ContextModel));
  const label = Uint8Array.from(mentions, ({ bought }) => (bought ? 1 : 0));
  const options = { seed, rounds: 150, leaves: 8, learningRate: 0.06, minLeaf: 40, l2: 10 };
  const chances = new Float64Array(mentions.length);
  for (let fold = 0; fold < folds; fold++) {
    const [inside, outside] = [
      [...mentions.keys()].filter((i) => mentions[i]!.customer % folds !== fold),
      [...mentions.keys()].filter((i) => mentions[i]!.customer % folds === fold),
    ];
    const booster = await grown(inside);
    const scores = scoreRows(booster, matrix(outside));
    outside.forEach((i, k) => {
      chances[i] = probability(scores[k]!);
    });
  }
  const order = [...mentions.keys()]
    .sort((a, b) => chances[b]! - chances[a]! || a - b)
    .slice(0, Math.ceil(surest * mentions.length));
  const boughtHere = Math.min(0.95, Math.max(0.05, order.reduce((sum, i) => sum + label[i]!, 0) / order.length));
  return { context: learnContext(mentions), booster: await grown([...mentions.keys()]), boughtHere };

  function matrix(which: readonly number[]): Float32Array {
    return Float32Array.from(which.flatMap((i) => rows[i] as number[]));
  }

  function grown(which: readonly number[]): Promise<Booster> {
    const width = rows[0]?.length ?? 0;
    return trainBooster(
      { features: matrix(which), width },
      logistic({ label: Uint8Array.from(which, (i) => label[i]!) }),
      options,
      hooks,
    );
  }
}

/** Chance that a product a customer mentions, but doesn't buy, is in use. */
export function usageOf(
  { context, booster, boughtHere }: UsageModel,
  mention: Pick<JudgedMention, 'sentence' | 'mention'>,
): number {
  const [score = 0] = scoreRows(booster, Float32Array.from(rowOf(mention, context)));
  const used = Math.min(1, probability(score) / boughtHere);
  // Not bought is evidence too.
  return (used * (1 - boughtHere)) / (1 - used * boughtHere);
}

function rowOf({ sentence, mention }: Pick<JudgedMention, 'sentence' | 'mention'>, context: ContextModel): number[] {
  return [...mention.features, contextScore(context, contextOf(sentence, mention))];
}
