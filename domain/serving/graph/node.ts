import type { NodeKind } from '../../../contracts/serving.ts';

/** What a function of a node gives. */
export type Produced<T> = T | Promise<T>;

/** A node with its types forgotten, as it is run. */
export interface AnyNode {
  readonly kind: NodeKind;
  readonly needs: string | readonly string[];
  readonly branches?: readonly string[];
  run?(value: unknown, context: unknown): unknown;
  choose?(value: unknown, context: unknown): Produced<string>;
}

/** Id by which nodes read the value that the graph is given. */
export const inputId = 'input';

/** Ids of what a node reads. */
export function needsOf({ needs }: Pick<AnyNode, 'needs'>): readonly string[] {
  return typeof needs === 'string' ? [needs] : needs;
}
