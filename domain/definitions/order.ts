/**
 * Kahn's algorithm (1962), stable: among ready nodes the one given first comes first.
 *
 * @param needs node → nodes that come before it; every need must be a node.
 * @returns all nodes in order, or `cycle`: one cycle, first node repeated at its end.
 */
export function topologicalOrder(needs: ReadonlyMap<string, readonly string[]>): {
  sorted: string[];
  cycle?: string[];
} {
  const waiting = new Map([...needs].map(([node, before]) => [node, new Set(before)]));
  const sorted: string[] = [];
  for (;;) {
    const ready = [...waiting].find(([, before]) => before.size === 0)?.[0];
    if (ready === undefined) break;
    sorted.push(ready);
    waiting.delete(ready);
    for (const before of waiting.values()) before.delete(ready);
  }
  return waiting.size === 0 ? { sorted } : { sorted, cycle: findCycle(waiting) };
}

function findCycle(waiting: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const path: string[] = [];
  let node = [...waiting.keys()][0] as string;
  while (!path.includes(node)) {
    path.push(node);
    // Every node left waits for another one that is left, or it would have been taken.
    node = [...(waiting.get(node) as ReadonlySet<string>)][0] as string;
  }
  return [...path.slice(path.indexOf(node)), node];
}
