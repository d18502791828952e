import type { AlertDefinition, AlertText } from '../../contracts/alerts.ts';
import type { Found } from './found.ts';
import type { Group } from './group.ts';

/** Findings whose sentence is told; of more, how many. */
const mostTold = 3;

/** What an alert of a group says. */
export function textOf({ title, firstStep }: AlertDefinition, group: Group, affects: readonly string[]): AlertText {
  const { found, pipeline, market } = group;
  // The newest is what somebody acts on; a group is never empty.
  const newest = found.at(-1) as Found;
  const place = [pipeline, market].filter(Boolean).join(', ');
  const what = found.length === 1 ? newest.one : newest.many.replace('{n}', String(found.length));
  const more = found.length - mostTold;
  return {
    title: upperFirst(`${place ? `${place}: ` : ''}${title ?? what}`),
    what: [...found.slice(-mostTold).map((one) => one.what), ...(more > 0 ? [`And ${more} more.`] : [])].join(' '),
    affects,
    firstStep: firstStep ?? newest.firstStep,
    command: newest.command,
  };
}

function upperFirst(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
