const longInsertion = 256;

/**
 * Sorts the rows `order[from … to]` by falling score, ties by row, whatever their order was. Near order, which one tree
 * more leaves them in, it takes one pass.
 */
export function sortByScore(order: Int32Array, scores: Float64Array, from: number, to: number): void {
  if (to - from > longInsertion) {
    order.subarray(from, to).sort((a, b) => scores[b]! - scores[a]! || a - b);
    return;
  }
  for (let i = from + 1; i < to; i++) {
    const row = order[i]!;
    const score = scores[row]!;
    let k = i - 1;
    for (; k >= from; k--) {
      const other = order[k]!;
      const value = scores[other]!;
      if (value > score || (value === score && other < row)) break;
      order[k + 1] = other;
    }
    order[k + 1] = row;
  }
}
