import { placeholder, placeholderAt } from '../text/index.ts';
import { mask, type Part } from './mask.ts';
import type { ScanOptions } from './scan.ts';

/** What makes parts of two languages the same: tags by their names (addresses in them differ), others by content. */
function keyOf(part: Part): string {
  if (part.kind === 'value') return part.content;
  return `${part.kind} ${/^<\/?([^\s/>]+)/.exec(part.content)?.[1] ?? part.content}`;
}

/**
 * A sentence pair for training with tags and variables masked on both sides, the same part by the same placeholder.
 *
 * @returns null when one side has parts that the other lacks.
 */
export function maskPair(
  source: string,
  target: string,
  options: ScanOptions = {},
): { source: string; target: string } | null {
  const [from, to] = [mask(source, options), mask(target, options)];
  if (from.parts.length !== to.parts.length) return null;
  const waiting = new Map<string, number[]>();
  for (const [i, part] of from.parts.entries()) {
    const list = waiting.get(keyOf(part));
    if (list) list.push(i);
    else waiting.set(keyOf(part), [i]);
  }
  const index: number[] = [];
  for (const [i, part] of to.parts.entries()) {
    // A closing tag belongs to its opening one, whatever others of the same name there are.
    const opening = part.kind === 'close' ? index[part.partner] : undefined;
    const same = opening === undefined ? waiting.get(keyOf(part))?.shift() : from.parts[opening]?.partner;
    if (same === undefined || same < 0) return null;
    index[i] = same;
  }
  let text = '';
  for (let at = 0; at < to.text.length; at++) {
    const part = placeholderAt(to.text, at);
    text += part < 0 ? to.text[at] : placeholder(index[part] as number);
  }
  return { source: from.text, target: text };
}
