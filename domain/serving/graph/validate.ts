import { type FieldFault, PerennialError } from '../../../contracts/errors.ts';
import { nodeKinds } from '../../../contracts/serving.ts';
import { topologicalOrder } from '../../definitions/order.ts';
import { type AnyNode, inputId, needsOf } from './node.ts';

const idPattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

interface Checked {
  readonly id: string;
  readonly nodes: Readonly<Record<string, AnyNode>>;
  readonly output: string;
}

/** All that is wrong with a graph. */
export function faultsOf({ id, nodes, output }: Checked): FieldFault[] {
  const faults: FieldFault[] = [];
  const add = (field: string, value: unknown, message: string): void => void faults.push({ field, value, message });
  if (!idPattern.test(id)) add('id', id, 'must be lower-case words joined by dashes');
  if (nodes[output] === undefined) add('output', output, 'is no node of the graph');
  for (const [name, node] of Object.entries(nodes)) {
    const at = `nodes.${name}`;
    if (name === inputId || !idPattern.test(name))
      add(at, name, 'must be lower-case words joined by dashes, not `input`');
    if (!nodeKinds.includes(node.kind)) add(`${at}.kind`, node.kind, `must be one of ${nodeKinds.join(', ')}`);
    const needs = needsOf(node);
    if ((node.kind === 'combiner') !== Array.isArray(node.needs))
      add(`${at}.needs`, node.needs, node.kind === 'combiner' ? 'must be a list' : 'must be one id');
    if (needs.length === 0) add(`${at}.needs`, node.needs, 'must name a node or `input`');
    for (const need of needs) {
      if (need !== inputId && nodes[need] === undefined) add(`${at}.needs`, need, 'is no node of the graph');
    }
    if (node.kind === 'router') faults.push(...branchFaults(at, name, node, nodes));
    else if (typeof node.run !== 'function') add(`${at}.run`, undefined, 'must be a function');
  }
  // What follows would only say the same again.
  if (faults.length > 0) return faults;
  const needed = Object.entries(nodes).map(
    ([name, node]) => [name, needsOf(node).filter((need) => need !== inputId)] as const,
  );
  const { cycle } = topologicalOrder(new Map(needed));
  if (cycle !== undefined) add(`nodes.${cycle[0]}.needs`, cycle.join(' → '), 'goes round in a circle');
  else {
    const read = readBy(output, nodes);
    for (const name of Object.keys(nodes)) if (!read.has(name)) add(`nodes.${name}`, name, 'is read by no node');
  }
  return faults;
}

export function refuse(id: string, faults: readonly FieldFault[]): PerennialError {
  const list = faults.map(({ field, message, value }) => `  ${field}: ${JSON.stringify(value) ?? ''} ${message}`);
  return new PerennialError('DEFINITION_INVALID', `The inference graph "${id}" does not hold:\n${list.join('\n')}`, {
    fields: faults,
    remedy: 'Correct the definition of the graph.',
  });
}

function branchFaults(at: string, name: string, node: AnyNode, nodes: Checked['nodes']): FieldFault[] {
  const branches = node.branches ?? [];
  const faults: FieldFault[] = [];
  if (branches.length === 0) faults.push({ field: `${at}.branches`, message: 'must name a node' });
  if (typeof node.choose !== 'function') faults.push({ field: `${at}.choose`, message: 'must be a function' });
  for (const branch of branches) {
    const needs = nodes[branch]?.needs;
    if (needs !== name)
      faults.push({ field: `${at}.branches`, value: branch, message: `must be a node that needs "${name}" alone` });
  }
  for (const [other, { needs }] of Object.entries(nodes)) {
    if (needsOf({ needs }).includes(name) && !branches.includes(other))
      faults.push({
        field: `nodes.${other}.needs`,
        value: name,
        message: 'is a router that does not name it as a branch',
      });
  }
  return faults;
}

/** All nodes that lead to one, and itself. */
function readBy(name: string, nodes: Checked['nodes'], found = new Set<string>()): ReadonlySet<string> {
  const node = nodes[name];
  if (node === undefined || found.has(name)) return found;
  found.add(name);
  for (const need of needsOf(node)) readBy(need, nodes, found);
  return found;
}
