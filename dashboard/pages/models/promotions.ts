import type { AliasPeriod } from '../../../contracts/models.ts';
import { links } from '../../app/links.ts';
import type { ChartMark } from '../../charts/props.ts';

/** When versions became the champion, as marks of a chart that lead to them. @param changes of any aliases. */
export const promotionsOf = (changes: readonly AliasPeriod[]): ChartMark[] =>
  changes.flatMap(({ alias, model, version, at }) =>
    alias === 'champion' && version !== null
      ? [{ at: Date.parse(at), label: `v${version}`, href: links.version(model, version) }]
      : [],
  );
