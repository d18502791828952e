import { type Place, plainPlace } from './place.ts';
import type { Node } from './xml.ts';

/** Copies of the cells that a chart shows: names of series and categories. Those of numbers have other names. */
const caches = new Set(['c:strCache', 'c:strLit', 'c:multiLvlStrCache', 'c15:dlblRangeCache']);

/**
 * Texts of a chart that stand in no paragraph, by the element that holds them: names of series and categories, as they are
 * shown, and of trend lines. Numbers, formulas and formats are none.
 */
export function chartTexts(node: Node): Place[] {
  return stringsOf(node).flatMap((string) => plainPlace({ from: string.inner, to: string.innerTo }, string.text) ?? []);
}

function stringsOf(node: Node): Node[] {
  const { name } = node;
  if (caches.has(name)) return pointsOf(node, 'c:lvl', 'c:pt').flatMap((point) => within(point, 'c:v'));
  if (name === 'c:tx') return within(node, 'c:v');
  if (name === 'c:trendline') return within(node, 'c:name');
  if (name === 'cx:strDim') return pointsOf(node, 'cx:lvl', 'cx:pt');
  if (name === 'cx:txData') return within(node, 'cx:v');
  return [];
}

function within({ children }: Node, name: string): Node[] {
  return children.filter((child) => child.name === name);
}

/** Points, those of all levels when there are levels. */
function pointsOf({ children }: Node, level: string, point: string): Node[] {
  return children.flatMap((child) => {
    if (child.name === level) return within(child, point);
    return child.name === point ? [child] : [];
  });
}
