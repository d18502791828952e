import type { Item } from './items.ts';
import { childOf, type Node, type Part } from './xml.ts';

/** What a paragraph of DrawingML consists of; see {@link Item}. */
export function drawingItemsOf({ xml }: Part, paragraph: Node, slice: (from: number, to: number) => string): Item[] {
  return paragraph.children.flatMap((node): Item[] => {
    const raw = () => slice(node.from, node.to);
    if (node.name === 'a:pPr' || node.name === 'a:endParaRPr') return [];
    if (node.name === 'a:r') {
      const properties = childOf(node, 'a:rPr');
      const format = properties ? xml.slice(properties.from, properties.to) : '';
      return [{ kind: 'text', text: childOf(node, 'a:t')?.text ?? '', format, raw }];
    }
    // Fields, such as the value of a point, and formulas are read as words.
    return [{ kind: 'raw', role: node.name === 'a:br' ? 'break' : 'value', raw }];
  });
}
