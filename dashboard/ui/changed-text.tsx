import { diffWordsWithSpace } from 'diff';
import type { ReactElement } from 'react';
import styles from './changed-text.module.css';

export interface ChangedTextProps {
  readonly before: string;
  readonly after: string;
}

/** How a text has changed: words that went and words that came. */
export function ChangedText({ before, after }: ChangedTextProps): ReactElement {
  return (
    <>
      {changesOf(before, after).map(({ at, value, added, removed }) => {
        if (added)
          return (
            <ins key={at} className={styles.added}>
              {value}
            </ins>
          );
        if (removed)
          return (
            <del key={at} className={styles.removed}>
              {value}
            </del>
          );
        return value;
      })}
    </>
  );
}

export interface DifferentTextProps {
  readonly text: string;
  readonly from: string;
}

/** A text with the words that another one has not; neither of them is the older one. */
export function DifferentText({ text, from }: DifferentTextProps): ReactElement {
  return (
    <>
      {changesOf(from, text)
        .filter(({ removed }) => !removed)
        .map(({ at, value, added }) =>
          added ? (
            <mark key={at} className={styles.different}>
              {value}
            </mark>
          ) : (
            value
          ),
        )}
    </>
  );
}

interface Change {
  readonly at: number;
  readonly value: string;
  readonly added: boolean;
  readonly removed: boolean;
}

function changesOf(before: string, after: string): Change[] {
  let at = 0;
  return diffWordsWithSpace(before, after).map(({ value, added, removed }) => {
    const change = { at, value, added, removed };
    at += value.length;
    return change;
  });
}
