import { useRouter } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { useMay } from '../../../app/session.ts';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { GoButton } from '../../../ui/go-button.tsx';
import { Empty } from '../../../ui/states.tsx';
import styles from './made-list.module.css';

export interface MadeListProps<T> {
  /** What they are, in the plural: `Schedules`. */
  readonly label: string;
  /** One of them: `schedule`. */
  readonly word: string;
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly link: (id: string) => string;
  /** Where a new one is made. */
  readonly newLink: string;
  /** What the list says, above it. */
  readonly sentence: ReactNode;
  /** Instead, while there is none: what they are for, and the command that makes one. Default title: `No schedule yet`. */
  readonly empty: { readonly title?: string; readonly command: string; readonly text: string };
}

/** Things that people make: what the list says in a sentence, where a new one is made for those who may, and the list. */
export function MadeList<T extends { readonly id: string }>(props: MadeListProps<T>): ReactElement {
  const { label, word, rows, columns, link, newLink, sentence, empty } = props;
  const router = useRouter();
  const make = useMay('operator') ? (
    <GoButton href={newLink} icon={Plus}>
      New {word}
    </GoButton>
  ) : null;
  return (
    <>
      {rows.length > 0 ? (
        <div className={styles.head}>
          <p>{sentence}</p>
          {make}
        </div>
      ) : null}
      <DataTable
        label={label}
        columns={columns}
        rows={rows}
        rowId={({ id }) => id}
        onOpen={({ id }) => router.history.push(link(id))}
        empty={
          <Empty title={empty.title ?? `No ${word} yet`} command={empty.command} action={make}>
            {empty.text}
          </Empty>
        }
      />
    </>
  );
}
