import type { NodeTiming } from '../../../contracts/serving.ts';
import type { Graph } from './definition.ts';
import { inputId, needsOf } from './node.ts';

/** Value of a node on a branch that was not chosen. */
const skipped = Symbol('skipped');

/**
 * Computes the output of a graph. Each node runs once, as soon as what it needs is there; those on branches that routers
 * do not choose don't run.
 *
 * @param onNode hears of each node that has ended, also of one that failed.
 * @throws what nodes throw; Error when a router chooses no branch of its own, or none of those chosen leads to the output:
 * defects of the graph.
 */
export async function runGraph<Input, C, Output>(
  { id, nodes, output }: Graph<Input, C, Output>,
  input: Input,
  context: C,
  onNode?: (timing: NodeTiming) => void,
): Promise<Output> {
  const began = performance.now();
  const values = new Map<string, Promise<unknown>>([[inputId, Promise.resolve(input)]]);
  const chosen = new Map<string, string>();

  const produced = (name: string): Promise<unknown> => {
    let value = values.get(name);
    if (value === undefined) {
      value = compute(name);
      values.set(name, value);
    }
    return value;
  };

  const compute = async (name: string): Promise<unknown> => {
    const node = nodes[name];
    if (node === undefined) throw new Error(`The graph ${id} has no node ${name}`);
    const needs = needsOf(node);
    const given = await Promise.all(needs.map(produced));
    const isLeftOut = (need: string, i: number): boolean => given[i] === skipped || (chosen.get(need) ?? name) !== name;
    if (needs.every(isLeftOut)) return skipped;
    const from = performance.now();
    try {
      if (node.kind === 'router') {
        const chose = (await node.choose?.(given[0], context)) ?? '';
        if (!node.branches?.includes(chose))
          throw new Error(`The router ${name} of ${id} chose "${chose}", no branch of it`);
        chosen.set(name, chose);
        return given[0];
      }
      const value =
        node.kind === 'combiner'
          ? Object.fromEntries(needs.flatMap((need, i) => (isLeftOut(need, i) ? [] : [[need, given[i]]])))
          : given[0];
      return await node.run?.(value, context);
    } finally {
      const chose = chosen.get(name);
      const ms = performance.now() - from;
      onNode?.({ node: name, kind: node.kind, fromMs: from - began, ms, ...(chose === undefined ? {} : { chose }) });
    }
  };

  const result = await produced(output);
  if (result === skipped) throw new Error(`No branch that was chosen leads to the output of ${id}`);
  return result as Output;
}
