import type { ReactElement, ReactNode } from 'react';
import styles from './facts.module.css';

export interface FactsProps {
  /** Names with what stands for them; null and undefined are left out. */
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}

/** What is known of one thing, a line each. */
export function Facts({ facts }: FactsProps): ReactElement {
  return (
    <dl className={styles.facts}>
      {facts
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Controls beside each other, on as many lines as they need. */
export function Row({ children }: { readonly children: ReactNode }): ReactElement {
  return <div className={styles.row}>{children}</div>;
}

/** Parts beside each other where there is room for them, else below each other. */
export function Columns({ children }: { readonly children: ReactNode }): ReactElement {
  return <div className={styles.columns}>{children}</div>;
}
