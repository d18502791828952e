import type { ReactElement, ReactNode } from 'react';
import { cutBy, type TextRange } from '../text/ranges.ts';
import styles from './marked.module.css';

/** A part of a text to be seen. */
export interface MarkedRange extends TextRange {
  /** Default `found`: neither good nor bad. */
  readonly tone?: 'found' | 'ok' | 'late';
  /** Looks as if pointed at: its counterpart is. */
  readonly active?: boolean;
  /** Said on hover. */
  readonly title?: string;
  readonly onPoint?: (over: boolean) => void;
}

/** A text with parts of it marked. */
export function Marked({
  text,
  ranges,
}: {
  readonly text: string;
  readonly ranges: readonly MarkedRange[];
}): ReactElement {
  let at = 0;
  const pieces = cutBy(text, ranges).map(({ text: piece, range }): ReactNode => {
    const key = at;
    at += piece.length;
    if (range === null) return piece;
    const { tone = 'found', active, title, onPoint } = range;
    return (
      <mark
        key={key}
        className={styles.mark}
        data-tone={tone}
        data-active={active || undefined}
        title={title}
        {...(onPoint ? { onPointerEnter: () => onPoint(true), onPointerLeave: () => onPoint(false) } : {})}
      >
        {piece}
      </mark>
    );
  });
  return <>{pieces}</>;
}
