import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactElement, useMemo, useRef, useState } from 'react';
import type { RunDetail } from '../../../contracts/runs.ts';
import { count } from '../../format/number.ts';
import { Field } from '../../ui/field.tsx';
import { Status } from '../../ui/status.tsx';
import { Elapsed } from '../../ui/time.tsx';
import styles from './run.module.css';

const rowPixels = 32;
/** Those that want attention stand first. */
const ranks: Readonly<Record<string, number>> = { failed: 0, running: 1, pending: 2, cancelled: 3 };

export interface ItemListProps {
  readonly run: RunDetail;
  readonly stepId: string;
  readonly selected?: string | undefined;
  readonly onOpen: (mapKey: string) => void;
}

/** The items of a fan-out, to look one up: failed ones first, then those at work. */
export function ItemList({ run, stepId, selected, onOpen }: ItemListProps): ReactElement {
  const [text, setText] = useState('');
  const items = useMemo(() => {
    const rank = (status: string): number => ranks[status] ?? 4;
    return run.steps
      .filter((step) => step.stepId === stepId && step.mapKey !== '')
      .sort((a, b) => rank(a.status) - rank(b.status));
  }, [run.steps, stepId]);
  const shown = items.filter(({ mapKey }) => mapKey.toLowerCase().includes(text.trim().toLowerCase()));
  const frame = useRef<HTMLUListElement>(null);
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowPixels,
    overscan: 10,
  });
  return (
    <div className={styles.items}>
      <Field label={`Find an item of ${stepId}`} bare>
        <input
          type="search"
          placeholder={`Find one of ${count(items.length)}`}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
      <ul ref={frame} className={styles.itemFrame} aria-label={`Items of ${stepId}`}>
        <li aria-hidden className={styles.itemSpace} style={{ height: virtual.getTotalSize() }} />
        {virtual.getVirtualItems().map(({ index, start }) => {
          const item = shown[index];
          if (!item) return null;
          return (
            <li key={item.mapKey} className={styles.item} style={{ transform: `translateY(${start}px)` }}>
              <button
                type="button"
                aria-current={item.mapKey === selected || undefined}
                onClick={() => onOpen(item.mapKey)}
              >
                <Status status={item.status} bare />
                <span>{item.mapKey}</span>
                <span className="muted">
                  <Elapsed
                    from={item.startedAt}
                    to={item.status === 'running' ? null : (item.finishedAt ?? item.startedAt)}
                  />
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {shown.length === 0 ? <p className="muted">No item is called so.</p> : null}
    </div>
  );
}
