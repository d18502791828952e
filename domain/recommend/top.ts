/** The `n` of highest score above 0, highest first, equal ones by index; skips what `taken` holds and adds them to it. */
export function takeTop(scores: Float32Array, n: number, taken: Uint8Array, out: number[]): void {
  const heap: number[] = [];
  let least = 0;
  for (let p = 0; p < scores.length; p++) {
    if (scores[p]! > least && taken[p] === 0) heap.push(p);
    if (heap.length >= 4 * n + 16) least = shrink();
  }
  shrink();
  for (const p of heap) {
    taken[p] = 1;
    out.push(p);
  }

  function shrink(): number {
    heap.sort((a, b) => scores[b]! - scores[a]! || a - b);
    if (heap.length > n) heap.length = n;
    return heap.length === n ? scores[heap[n - 1]!]! : 0;
  }
}
