/** One way to write a phrase that must appear, with its place among all of them. */
interface Way {
  readonly ids: Int32Array;
  readonly constraint: number;
  /** Longest proper prefix that is also a suffix, for each prefix (Knuth, Morris and Pratt). */
  readonly borders: Int32Array;
}

/** How far a hypothesis is with its constraints. Immutable. */
export interface PhraseState {
  /** 1 for each constraint that has been placed. */
  readonly placed: Uint8Array;
  /** Ids of each way that the end of the hypothesis matches. */
  readonly matched: Uint16Array;
  /** Measure of progress: all ids of constraints placed, and those of the one being written. */
  readonly bank: number;
  /** Whether the last id completed a constraint. */
  readonly justPlaced: boolean;
  /** Times a constraint was completed again though nothing asked for it. */
  readonly repeats: number;
}

/**
 * Phrases that must appear in a translation: each constraint is met by one of several sequences of ids. Occurrences don't
 * overlap, and each meets one constraint, so that two equal constraints ask for two occurrences.
 */
export class Phrases {
  readonly count: number;
  /** Bank of hypotheses that have placed all. */
  readonly full: number;
  /** Fewest ids that place all. */
  readonly shortest: number;
  private readonly ways: readonly Way[];
  private readonly sizes: readonly number[];

  constructor(constraints: readonly (readonly Int32Array[])[]) {
    this.count = constraints.length;
    this.ways = constraints.flatMap((ways, constraint) =>
      ways.map((ids) => ({ ids, constraint, borders: bordersOf(ids) })),
    );
    this.sizes = constraints.map((ways) => Math.max(...ways.map(({ length }) => length)));
    this.full = this.sizes.reduce((sum, size) => sum + size, 0);
    this.shortest = constraints.reduce((sum, ways) => sum + Math.min(...ways.map(({ length }) => length)), 0);
  }

  start(): PhraseState {
    return {
      placed: new Uint8Array(this.count),
      matched: new Uint16Array(this.ways.length),
      bank: 0,
      justPlaced: false,
      repeats: 0,
    };
  }

  isComplete(state: PhraseState): boolean {
    return state.bank === this.full;
  }

  /** Ids that begin or continue a constraint not placed yet. */
  next(state: PhraseState): Set<number> {
    const ids = new Set<number>();
    this.ways.forEach((way, w) => {
      if (state.placed[way.constraint] === 0) ids.add(way.ids[state.matched[w]!]!);
    });
    return ids;
  }

  /** The state after one more id. */
  advance(state: PhraseState, id: number): PhraseState {
    const matched = new Uint16Array(state.matched.length);
    let met: Way | undefined;
    let again = false;
    this.ways.forEach((way, w) => {
      let length = state.matched[w]!;
      while (length > 0 && way.ids[length] !== id) length = way.borders[length - 1]!;
      if (way.ids[length] === id) length++;
      if (length === way.ids.length) {
        if (state.placed[way.constraint] === 1) again = true;
        else if (met === undefined || length > met.ids.length) met = way;
        length = way.borders[length - 1]!;
      }
      matched[w] = length;
    });
    const placed = met === undefined ? state.placed : state.placed.slice();
    if (met !== undefined) {
      placed[met.constraint] = 1;
      // What met a constraint is no part of another occurrence.
      matched.fill(0);
    }
    let bank = 0;
    let partial = 0;
    this.sizes.forEach((size, c) => {
      if (placed[c] === 1) bank += size;
    });
    this.ways.forEach((way, w) => {
      if (placed[way.constraint] === 0) partial = Math.max(partial, matched[w]!);
    });
    return {
      placed,
      matched,
      bank: bank + partial,
      justPlaced: met !== undefined,
      repeats: state.repeats + (again && met === undefined ? 1 : 0),
    };
  }
}

function bordersOf(ids: Int32Array): Int32Array {
  const borders = new Int32Array(ids.length);
  for (let i = 1, length = 0; i < ids.length; i++) {
    while (length > 0 && ids[i] !== ids[length]) length = borders[length - 1]!;
    if (ids[i] === ids[length]) length++;
    borders[i] = length;
  }
  return borders;
}
