import type { ReactElement } from 'react';
import type { KeyResult } from '../../../contracts/overview.ts';
import { links } from '../../app/links.ts';
import { Sparkline } from '../../charts/sparkline.tsx';
import { count, number, percent } from '../../format/number.ts';
import { Go } from '../../ui/go.tsx';
import { Section } from '../../ui/page.tsx';
import { Badge } from '../../ui/status.tsx';
import styles from './results.module.css';

const formats: Readonly<Record<KeyResult['unit'], (value: number) => string>> = {
  percent,
  count,
  amount: (value) => count(Math.round(value)),
  number,
};

/** Newest key figures with their change, what is normal, and their course. */
export function Results({ results }: { readonly results: readonly KeyResult[] }): ReactElement | null {
  if (results.length === 0) return null;
  return (
    <Section title="Key results">
      <ul className={styles.tiles}>
        {results.map((result) => {
          const write = formats[result.unit];
          const { change, normal } = result;
          return (
            <li key={`${result.pipeline} ${result.name}`}>
              <div className={styles.label}>
                <Go href={links.run(result.runId)}>{result.label}</Go>
                <span className="muted">{result.pipeline}</span>
              </div>
              <div className={styles.figure}>
                <strong>{write(result.value)}</strong>
                <span className="muted">
                  {change === null ? null : `${change > 0 ? '+' : change < 0 ? '−' : '±'}${percent(Math.abs(change))}`}
                </span>
                {result.alarm ? <Badge tone="late">unusual</Badge> : null}
              </div>
              <Sparkline
                label={`${result.label} over ${result.series.length} days`}
                values={result.series.map(({ value }) => value)}
                normal={normal}
              />
              <div className={styles.normal}>
                {normal ? `normal: ${write(normal.from)} to ${write(normal.to)}` : 'too few days to say what is normal'}
              </div>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
