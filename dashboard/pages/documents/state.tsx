import type { ReactElement } from 'react';
import type { DocumentRecord } from '../../../contracts/documents.ts';
import { count } from '../../format/number.ts';
import { Mark, Status } from '../../ui/status.tsx';
import styles from './documents.module.css';

/** The state of a document, and how far its translation is. */
export function DocumentState({ document }: { readonly document: DocumentRecord }): ReactElement {
  const { status, progress } = document;
  if (status === 'expired') return <Mark tone="skipped" word="Files removed" />;
  if (status === 'succeeded') return <Mark tone="ok" word="Done" />;
  if (status !== 'running' || progress === null) return <Status status={status} />;
  const words = `${count(progress.done)} of ${count(progress.total)}`;
  return (
    <span className={styles.state}>
      <Mark tone="running" word={words} />
      <progress aria-label="Translated" max={progress.total} value={progress.done} />
    </span>
  );
}
