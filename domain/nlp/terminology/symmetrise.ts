/** Word i of the source and word j of the target say the same. */
export type Link = readonly [source: number, target: number];

/**
 * grow-diag-final-and (Koehn et al. 2003): what both directions say, grown by neighbours that one of them says, and at
 * the end links between words that are both still alone.
 */
export function symmetrise(forward: Int32Array, backward: Int32Array, n: number, m: number): Link[] {
  const key = (i: number, j: number) => i * m + j;
  const union = new Set<number>();
  const links = new Set<number>();
  for (const [j, i] of forward.entries()) if (i >= 0) union.add(key(i, j));
  for (const [i, j] of backward.entries()) {
    if (j < 0) continue;
    if (union.has(key(i, j))) links.add(key(i, j));
    union.add(key(i, j));
  }
  const source = new Uint8Array(n);
  const target = new Uint8Array(m);
  const add = (i: number, j: number) => {
    links.add(key(i, j));
    source[i] = 1;
    target[j] = 1;
  };
  for (const link of links) add(Math.floor(link / m), link % m);
  const queue = [...links].sort((a, b) => a - b);
  for (let at = 0; at < queue.length; at++) {
    const [i, j] = [Math.floor((queue[at] as number) / m), (queue[at] as number) % m];
    for (let di = -1; di <= 1; di++) {
      for (let dj = -1; dj <= 1; dj++) {
        const [a, b] = [i + di, j + dj];
        if (a < 0 || b < 0 || a >= n || b >= m || links.has(key(a, b)) || !union.has(key(a, b))) continue;
        if (source[a] && target[b]) continue;
        add(a, b);
        queue.push(key(a, b));
      }
    }
  }
  for (const link of [...union].sort((a, b) => a - b)) {
    const [i, j] = [Math.floor(link / m), link % m];
    if (!source[i] && !target[j]) add(i, j);
  }
  return [...links].sort((a, b) => a - b).map((link) => [Math.floor(link / m), link % m]);
}
