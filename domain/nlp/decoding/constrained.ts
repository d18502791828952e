import { PerennialError } from '../../../contracts/errors.ts';
import type { OnnxSession } from '../../serving/session-threads.ts';
import { dataOf, float32, int64, type OnnxTensor, type OnnxTensors } from '../../serving/tensor.ts';
import type { TransformerShape } from '../transformer/shape.ts';
import { lengthLimit, sourceFeeds } from './batches.ts';
import { type PhraseState, Phrases } from './phrases.ts';
import { scoreOf } from './read.ts';
import { type Hypothesis, type SearchOptions, type Source, special } from './types.ts';

export interface ConstrainedOptions extends SearchOptions {
  /** Constraints; each is met by one of its sequences of ids (a term's inflections, say). */
  readonly phrases: readonly (readonly Int32Array[])[];
  /** Hypotheses kept at a time; default 8. */
  readonly beam?: number;
  /**
   * Whether an id begins a word. After a placed phrase only such ids (or the end) are free, so that the phrase stays a word
   * of its own; default: every id may follow.
   */
  readonly startsWord?: (id: number) => boolean;
  /** Log-probability taken from the rank of a hypothesis for every occurrence of a placed phrase beyond those asked for; default 4. */
  readonly repetitionPenalty?: number;
}

export interface ConstrainedHypothesis extends Hypothesis {
  /** For each constraint whether it was placed; all of them, unless maxLength leaves no room. */
  readonly placed: readonly boolean[];
}

interface OpenHypothesis {
  readonly ids: readonly number[];
  readonly logProbability: number;
  readonly state: PhraseState;
}

interface Candidate {
  readonly from: number;
  readonly id: number;
  readonly logProbability: number;
  readonly state: PhraseState;
  readonly rank: number;
}

interface Sessions {
  readonly encoder: OnnxSession;
  readonly step: OnnxSession;
}

/**
 * Lexically constrained beam search with dynamic beam allocation (Post and Vilar 2018): candidates stand in banks by how
 * much of the constraints they have placed, and the beam is shared among the banks, a candidate of each in turn, the
 * fullest bank first (Hu et al. 2019). The fullest bank gains an id a step, so all constraints are placed if maxLength
 * leaves room. A hypothesis may end once it has placed all. The search stops when no open hypothesis has a better score than
 * the best ended ones.
 */
export async function constrainedSearch(
  sessions: Sessions,
  shape: TransformerShape,
  source: Source,
  options: ConstrainedOptions,
): Promise<ConstrainedHypothesis[]> {
  const { alternatives = 1, lengthPenalty = 1, signal } = options;
  const beam = options.beam ?? Math.max(8, alternatives);
  const penalty = options.repetitionPenalty ?? 4;
  checkPhrases(options.phrases, shape);
  const phrases = new Phrases(options.phrases);
  const limit = lengthLimit(source, options);
  const running = signal === undefined ? {} : { signal };
  const { encoded: _, ...encoded } = await sessions.encoder.run(sourceFeeds([source], shape), running);

  const rankOf = (logProbability: number, length: number, state: PhraseState) =>
    scoreOf(logProbability - penalty * state.repeats, length, lengthPenalty);
  const ended: (Candidate & { readonly ids: readonly number[] })[] = [];
  let open: OpenHypothesis[] = [{ ids: [], logProbability: 0, state: phrases.start() }];
  let parents = [0];
  let caches = emptyCaches(shape);
  for (let position = 0; position < limit && open.length > 0; position++) {
    const outputs = await sessions.step.run(
      {
        ...encoded,
        ...caches,
        token: int64(
          open.map(({ ids }) => ids.at(-1) ?? special.begin),
          [open.length],
        ),
        parents: int64(parents, [open.length]),
        position: int64([position]),
      },
      running,
    );
    const rows = dataOf(outputs, 'logProbabilities', 'float32');
    const width = rows.length / open.length;
    const length = position + 1;
    const candidates: Candidate[] = [];
    open.forEach((hypothesis, from) => {
      const row = rows.subarray(from * width, (from + 1) * width);
      for (const id of continuations(hypothesis, row, beam, phrases, options.startsWord)) {
        const logProbability = hypothesis.logProbability + row[id]!;
        const state = id === special.end ? hypothesis.state : phrases.advance(hypothesis.state, id);
        candidates.push({ from, id, logProbability, state, rank: rankOf(logProbability, length, state) });
      }
    });
    const kept = allocate(candidates, beam);
    for (const candidate of kept) {
      if (candidate.id === special.end) ended.push({ ...candidate, ids: open[candidate.from]!.ids });
    }
    const going = kept.filter(({ id }) => id !== special.end);
    // At the limit those that have placed all are cut, and count if none has ended.
    if (length === limit && ended.length < alternatives) {
      const cut = going.toSorted((a, b) => b.state.bank - a.state.bank || b.rank - a.rank);
      ended.push(
        ...cut.slice(0, alternatives - ended.length).map((c) => ({ ...c, ids: [...open[c.from]!.ids, c.id] })),
      );
    }
    ended.sort((a, b) => b.state.bank - a.state.bank || b.rank - a.rank);
    const toBeat = ended[alternatives - 1]?.rank;
    const best = Math.max(...going.map(({ rank }) => rank));
    if (toBeat !== undefined && toBeat >= best) break;
    open = going.map(({ from, id, ...rest }) => ({ ...rest, ids: [...open[from]!.ids, id] }));
    parents = going.map(({ from }) => from);
    caches = nextCaches(outputs, shape.decoderLayers);
  }
  return ended.slice(0, alternatives).map(({ ids, id, logProbability, state }) => ({
    ids: Int32Array.from(ids),
    logProbability,
    score: scoreOf(logProbability, ids.length + (id === special.end ? 1 : 0), lengthPenalty),
    ended: id === special.end,
    placed: Array.from(state.placed, (p) => p === 1),
  }));
}

/**
 * Ids that a hypothesis may go on with: the likeliest, and all that begin or continue a constraint. Once the model would rather
 * end, but may not yet, only the latter: else it goes on with whatever comes to its mind.
 */
function continuations(
  { state }: OpenHypothesis,
  row: Float32Array,
  count: number,
  phrases: Phrases,
  startsWord: ((id: number) => boolean) | undefined,
): Set<number> {
  const complete = phrases.isComplete(state);
  const follows = (id: number) => id > special.end && (!state.justPlaced || startsWord === undefined || startsWord(id));
  const ids = complete ? new Set([special.end as number]) : phrases.next(state);
  if (!complete && likeliest(row, 1, () => true)[0] === special.end) return ids;
  for (const id of likeliest(row, count, follows)) ids.add(id);
  return ids;
}

/** The `count` ids with the highest numbers among those allowed. */
function likeliest(row: Float32Array, count: number, allowed: (id: number) => boolean): number[] {
  const best: number[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let id = 0; id < row.length; id++) {
    const value = row[id]!;
    // −1e29 and less: padding of the vocabulary.
    if (value <= least || value < -1e29 || !allowed(id)) continue;
    let at = best.length;
    while (at > 0 && row[best[at - 1]!]! < value) at--;
    best.splice(at, 0, id);
    if (best.length > count) best.pop();
    if (best.length === count) least = row[best[count - 1]!]!;
  }
  return best;
}

/** Shares the beam among the banks: the best of each bank, fullest bank first, then the second best of each, … */
function allocate(candidates: readonly Candidate[], beam: number): Candidate[] {
  const seen = new Map<number, number>();
  return candidates
    .toSorted((a, b) => b.rank - a.rank)
    .map((candidate) => {
      const place = seen.get(candidate.state.bank) ?? 0;
      seen.set(candidate.state.bank, place + 1);
      return { candidate, place };
    })
    .sort((a, b) => a.place - b.place || b.candidate.state.bank - a.candidate.state.bank)
    .slice(0, beam)
    .map(({ candidate }) => candidate);
}

function emptyCaches({ decoderLayers, heads, dimensions }: TransformerShape): OnnxTensors {
  const caches: Record<string, OnnxTensor> = {};
  for (let i = 0; i < decoderLayers; i++) {
    for (const part of ['key', 'value']) {
      caches[`past.${i}.${part}`] = float32(new Float32Array(0), [1, heads, 0, dimensions / heads]);
    }
  }
  return caches;
}

function nextCaches(outputs: OnnxTensors, layers: number): OnnxTensors {
  const caches: Record<string, OnnxTensor> = {};
  for (let i = 0; i < layers; i++) {
    for (const part of ['key', 'value']) caches[`past.${i}.${part}`] = outputs[`present.${i}.${part}`] as OnnxTensor;
  }
  return caches;
}

function checkPhrases(phrases: readonly (readonly Int32Array[])[], { vocabulary }: TransformerShape): void {
  phrases.forEach((ways, i) => {
    const usable =
      ways.length > 0 && ways.every((ids) => ids.length > 0 && ids.every((id) => id > special.end && id < vocabulary));
    if (usable) return;
    throw new PerennialError(
      'VALIDATION_FAILED',
      `phrases[${i}] has no sequence, or one that is empty or has special ids`,
      {
        remedy: 'Give each phrase as ids of the model, without begin and end.',
        fields: [{ field: `phrases[${i}]`, message: 'must be sequences of ids of the model' }],
      },
    );
  });
}
