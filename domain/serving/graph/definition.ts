import type { NodeKind } from '../../../contracts/serving.ts';
import type { AnyNode, Produced } from './node.ts';
import { faultsOf, refuse } from './validate.ts';

/** The type of each node's value by its id, and of `input`, the value that the graph is given. */
export type GraphValues<V> = { readonly [Id in keyof V]: V[Id] } & { readonly input: unknown };

type Ids<V> = keyof V & string;

/** A node that reads the value of another one, or the input. */
type OneInput<V, Id extends Ids<V>, C, Kind extends NodeKind> = {
  [From in Exclude<Ids<V>, Id>]: {
    readonly kind: Kind;
    /** Id of the node whose value it reads, or `input`. */
    readonly needs: From;
    run(value: V[From], context: C): Produced<V[Id]>;
  };
}[Exclude<Ids<V>, Id>];

/** Its value is the one that it read; of the nodes in `branches`, which need it, only the chosen one runs. */
type Router<V, Id extends Ids<V>, C> = {
  [From in Exclude<Ids<V>, Id>]: {
    readonly kind: 'router';
    readonly needs: From;
    readonly branches: readonly Exclude<Ids<V>, Id | 'input'>[];
    /** Id of the branch that goes on. */
    choose(value: V[From], context: C): Produced<string>;
  };
}[Exclude<Ids<V>, Id>];

interface Combiner<V, Id extends Ids<V>, C> {
  readonly kind: 'combiner';
  readonly needs: readonly Exclude<Ids<V>, Id>[];
  /** @param values by the ids of their nodes; those on branches that were not chosen are left out. */
  run(values: Partial<V>, context: C): Produced<V[Id]>;
}

export type GraphNode<V, Id extends Ids<V>, C> =
  | OneInput<V, Id, C, 'transformer'>
  | OneInput<V, Id, C, 'model'>
  | Router<V, Id, C>
  | Combiner<V, Id, C>;

export interface GraphDefinition<V, C, Output extends Ids<V>> {
  /** Lower-case words joined by dashes; stable. */
  readonly id: string;
  readonly nodes: { readonly [Id in Exclude<Ids<V>, 'input'>]: GraphNode<V, Id, C> };
  /** Id of the node whose value is the answer. */
  readonly output: Output;
}

/** A graph that holds. */
export interface Graph<Input, C, Output> {
  readonly id: string;
  readonly nodes: Readonly<Record<string, AnyNode>>;
  readonly output: string;
  /** There for the types only. */
  readonly types?: (input: Input, context: C) => Output;
}

/**
 * Declares an inference graph: typed nodes, of which each names the one whose value it reads.
 *
 * @example
 * defineGraph<{ input: string; words: string[]; count: number }, object, 'count'>({
 *   id: 'count-words',
 *   output: 'count',
 *   nodes: {
 *     words: { kind: 'transformer', needs: 'input', run: (text) => text.split(' ') },
 *     count: { kind: 'model', needs: 'words', run: (words) => words.length },
 *   },
 * });
 *
 * @throws DEFINITION_INVALID with `fields` named `nodes.<id>.<property>`: a cycle, a node that is not there, a kind that is
 * none, a branch that does not need its router, a node that nothing reads.
 */
export function defineGraph<V extends GraphValues<V>, C, Output extends Ids<V>>(
  definition: GraphDefinition<V, C, Output>,
): Graph<V['input'], C, V[Output]> {
  const { id, output } = definition;
  const nodes = definition.nodes as unknown as Readonly<Record<string, AnyNode>>;
  const faults = faultsOf({ id, nodes, output });
  if (faults.length > 0) throw refuse(id, faults);
  return { id, nodes, output };
}
