import type { ReactElement } from 'react';
import type { GapEvidence } from '../../../contracts/gaps.ts';
import { Marked } from '../../ui/marked.tsx';
import styles from './offers.module.css';

export interface EvidenceProps {
  /** The surest first. */
  readonly evidence: readonly GapEvidence[];
  /** How many are shown; default all. */
  readonly most?: number;
}

/** What a customer has written, with the words that speak of a product. */
export function Evidence({ evidence, most = evidence.length }: EvidenceProps): ReactElement {
  return (
    <ul className={styles.evidence}>
      {evidence.slice(0, most).map(({ source, sentence, start, end }) => (
        <li key={`${source} ${start} ${sentence}`}>
          <q>
            <Marked text={sentence} ranges={[{ start, end }]} />
          </q>{' '}
          <cite>{source}</cite>
        </li>
      ))}
    </ul>
  );
}
