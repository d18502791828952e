import type { ReactElement } from 'react';
import type { DecisionVerdict } from '../../../contracts/decisions.ts';
import { Mark, type Tone } from '../../ui/status.tsx';
import { verdictWords } from './words.ts';

const tones: Readonly<Record<DecisionVerdict, Tone>> = {
  retrain: 'running',
  challenger: 'running',
  keep: 'ok',
  alert: 'late',
  escalate: 'late',
};

/** A verdict as shape, colour and word. */
export function Verdict({ verdict }: { readonly verdict: DecisionVerdict }): ReactElement {
  return <Mark tone={tones[verdict]} word={verdictWords[verdict]} />;
}
