import type { Random } from '../../nlp/random.ts';
import type { Pool } from './pool.ts';

/** Which rows of a pool count as the window. */
export interface Assignment {
  /** 1 or 0 by row. */
  readonly inWindow: Uint8Array;
  /** The rows of the window. */
  readonly rows: Int32Array;
}

/**
 * Ways to choose the window's units among all: the one observed, then others. Without change in the data, every choice of
 * as many units was as likely as the one observed (Fisher 1935, Pitman 1937).
 */
export interface Exchange {
  /** Choices, that observed among them. */
  readonly count: number;
  /** The i-th choice, 0 is that observed; valid until the next call, which must be for i + 1. */
  assign(i: number): Assignment;
}

/**
 * At most `permutations` choices beside that observed, drawn by chance; all there are when the window is one unit, such as
 * a day among days.
 */
export function exchangeOf({ rows, units, referenceUnits }: Pool, permutations: number, random: Random): Exchange {
  const { start, members } = units;
  const total = start.length - 1;
  const chosen = total - referenceUnits;
  const order = Int32Array.from({ length: total }, (_, i) => total - 1 - i);
  const inWindow = new Uint8Array(rows);
  const found = new Int32Array(rows);
  const oneOfEach = chosen === 1 && referenceUnits <= permutations;
  return {
    count: 1 + (oneOfEach ? referenceUnits : permutations),
    assign(i) {
      // The first `chosen` entries of a partial shuffle (Fisher and Yates) are a choice by chance.
      if (oneOfEach) order[0] = total - 1 - i;
      else if (i > 0)
        for (let k = 0; k < chosen; k++) {
          const other = k + random.below(total - k);
          const unit = order[k]!;
          order[k] = order[other]!;
          order[other] = unit;
        }
      inWindow.fill(0);
      let n = 0;
      for (let k = 0; k < chosen; k++) {
        const unit = order[k]!;
        for (let at = start[unit]!; at < start[unit + 1]!; at++) {
          const row = members[at]!;
          inWindow[row] = 1;
          found[n++] = row;
        }
      }
      return { inWindow, rows: found.subarray(0, n) };
    },
  };
}
