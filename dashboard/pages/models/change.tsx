import { ArrowDown, ArrowUp, Equal } from 'lucide-react';
import type { ReactElement } from 'react';
import type { MetricMeaning } from '../../../contracts/models.ts';
import { Mark } from '../../ui/status.tsx';
import { differenceText, isBetter } from './words.ts';

/** A difference of a metric: its sign as an arrow, and whether it is for the better as colour and word. */
export function Change({
  difference,
  meaning,
}: {
  readonly difference: number;
  readonly meaning: Pick<MetricMeaning, 'better' | 'digits'>;
}): ReactElement {
  const better = isBetter(difference, meaning.better);
  const word = better === null ? '' : better ? ' better' : ' worse';
  return (
    <Mark
      tone={better === null ? 'waiting' : better ? 'ok' : 'late'}
      icon={difference === 0 ? Equal : difference > 0 ? ArrowUp : ArrowDown}
      word={difference === 0 ? 'the same' : `${differenceText(difference, meaning)}${word}`}
    />
  );
}
