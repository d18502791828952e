import { type Booster, logistic, probability, scoreRows, trainBooster } from '../boosting/index.ts';
import type { TrainHooks } from '../nlp/index.ts';
import { type ContextModel, contextOf, contextScore, type JudgedMention, learnContext } from './context.ts';
import { beyondExpected } from './ownership.ts';

/** Tells from a mention how likely the customer uses the product. */
export interface UsageModel {
  readonly context: ContextModel;
  readonly booster: Booster;
  /** Share of the products in use that are bought here. */
  readonly boughtHere: number;
}

/** Shares of all mentions, the surest, that `boughtHere` is read from: the one in which it is highest, and fewest mentions of it. */
const surest = [0.02, 0.05, 0.1, 0.25] as const;
const fewest = 200;
/** Standard errors that are taken off a share, so that small groups don't win by chance. */
const errors = 1.64;
const folds = 2;
/** Of a mention's features: its score, what contradicts it beside it, and its lead over rivals. */
const clearFeatures = [0, 6, 7] as const;

/**
 * Learns from positive and unlabelled examples (Elkan and Noto 2008): a product bought again and again is in use; one that
 * is not may be in use all the same, bought elsewhere, and one that is may be bought by chance, as often as the customer's other
 * purchases let expect; only what is bought beyond that counts. Which share of the used products is bought here does not depend on
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
  const options = { seed, rounds: 150, leaves: 8, learningRate: 0.06, minLeaf: 40, l2: 10 };
  // A product that many buy is bought by many who don't speak of it: what counts is what is bought beyond that.
  const beyond = mentions.map(beyondExpected);
  const surplus = Float64Array.from(beyond, (one) => one.surplus);
  const possible = Float64Array.from(beyond, (one) => one.possible);
  const sum = (which: readonly number[], of: Float64Array): number => which.reduce((all, i) => all + of[i]!, 0);
  const chances = new Float64Array(mentions.length);
  // Judged by how well a mention fits and what stands beside it alone: not by its product, of which some are bought more often.
  const clear = [...clearFeatures, (rows[0]?.length ?? 1) - 1];
  for (let fold = 0; fold < folds; fold++) {
    const [inside, outside] = [
      [...mentions.keys()].filter((i) => mentions[i]!.customer % folds !== fold),
      [...mentions.keys()].filter((i) => mentions[i]!.customer % folds === fold),
    ];
    const booster = await grown(inside, clear);
    const scores = scoreRows(booster, matrix(outside, clear));
    outside.forEach((i, k) => {
      chances[i] = probability(scores[k]!);
    });
  }
  const order = [...mentions.keys()].sort((a, b) => chances[b]! - chances[a]! || a - b);
  const shares = surest.map((part) => {
    const group = order.slice(0, Math.max(fewest, Math.ceil(part * mentions.length)));
    const share = sum(group, surplus) / sum(group, possible);
    return share - errors * Math.sqrt(Math.max(0, share * (1 - share)) / group.length);
  });
  const boughtHere = Math.min(0.95, Math.max(0.05, ...shares));
  const all = [...(rows[0] ?? []).keys()];
  return { context: learnContext(mentions), booster: await grown([...mentions.keys()], all), boughtHere };

  function matrix(which: readonly number[], columns: readonly number[]): Float32Array {
    return Float32Array.from(which.flatMap((i) => columns.map((k) => rows[i]![k]!)));
  }

  function grown(which: readonly number[], columns: readonly number[]): Promise<Booster> {
    return trainBooster(
      { features: matrix(which, columns), width: columns.length },
      logistic({
        label: which.map((i) => surplus[i]! / possible[i]!),
        weight: Float32Array.from(which, (i) => possible[i]!),
      }),
      options,
      hooks,
    );
  }
}

/** Chance that a product a customer mentions, but doesn't buy, is in use. */
export function usageOf(model: UsageModel, mention: PlacedMention): number {
  const used = usedIn(model, mention);
  // Not bought is evidence too.
  return (used * (1 - model.boughtHere)) / (1 - used * model.boughtHere);
}

/** Chance that what a customer mentions is in use, wherever it is bought. */
export function usedIn({ context, booster, boughtHere }: UsageModel, mention: PlacedMention): number {
  const [score = 0] = scoreRows(booster, Float32Array.from(rowOf(mention, context)));
  return Math.min(1, probability(score) / boughtHere);
}

/** A mention in its sentence. */
interface PlacedMention {
  readonly sentence: string;
  readonly mention: Pick<JudgedMention['mention'], 'start' | 'end' | 'features'>;
}

function rowOf({ sentence, mention }: PlacedMention, context: ContextModel): number[] {
  return [...mention.features, contextScore(context, contextOf(sentence, mention))];
}
