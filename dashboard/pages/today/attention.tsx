import { useRouter } from '@tanstack/react-router';
import { type ReactElement, useRef, useState } from 'react';
import type { AttentionItem } from '../../../contracts/overview.ts';
import { addressOf } from '../../app/hits.ts';
import { Button } from '../../ui/button.tsx';
import { Go } from '../../ui/go.tsx';
import { useListKeys } from '../../ui/list-keys.ts';
import { Section } from '../../ui/page.tsx';
import { Badge, Mark, type Tone } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import styles from './attention.module.css';
import list from './list.module.css';

const tones: Readonly<Record<AttentionItem['severity'], Tone>> = {
  critical: 'failed',
  warning: 'late',
  info: 'waiting',
};
/** More are shown on demand: the worst come first. */
const shownFirst = 6;

/** What needs a person, worst first; each leads to the thing. */
export function Attention({ items }: { readonly items: readonly AttentionItem[] }): ReactElement {
  const router = useRouter();
  const frame = useRef<HTMLUListElement>(null);
  const [all, setAll] = useState(false);
  const shown = all ? items : items.slice(0, shownFirst);
  useListKeys(frame, { open: (index) => shown[index] && router.history.push(addressOf(shown[index].link)) });
  return (
    <Section title="Needs a person" aside={items.length > 0 ? <Badge>{items.length}</Badge> : undefined}>
      {items.length === 0 ? (
        <Mark tone="ok" word="Nothing. Alerts, failed runs and whatever waits for a decision would stand here." />
      ) : (
        <ul ref={frame} className={`${list.rows} ${styles.list}`} data-list>
          {shown.map((item, index) => (
            <li key={`${item.kind} ${item.link.kind} ${item.link.id}`} data-row={index}>
              <Mark tone={tones[item.severity]} word={item.severity} bare />
              <div className={styles.what}>
                <Go href={addressOf(item.link)}>{item.title}</Go>
                {/* Titles of other kinds say how many. */}
                {item.kind === 'alert' && item.count > 1 ? <Badge>{item.count}</Badge> : null}
                {item.acknowledged ? <span className="muted"> somebody takes care</span> : null}
                {item.detail ? <div className={styles.detail}>{item.detail}</div> : null}
              </div>
              <span className={styles.since}>
                <Time at={item.since} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {items.length > shownFirst ? (
        <div>
          <Button small kind="quiet" onClick={() => setAll(!all)}>
            {all ? 'Show the worst only' : `Show ${items.length - shownFirst} more`}
          </Button>
        </div>
      ) : null}
    </Section>
  );
}
