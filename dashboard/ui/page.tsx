import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactElement, type ReactNode, useEffect } from 'react';
import styles from './page.module.css';
import { Failure, Loading } from './states.tsx';

export interface PageProps {
  /** Also the document's title. */
  readonly title: string;
  /** The sentence that says the state: the answer, before anything is looked for. Null while it is asked for: it has its room. */
  readonly answer?: ReactNode;
  /** Before the title: where the page belongs. */
  readonly crumbs?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page: title, the answer, actions, then pictures and tables. */
export function Page({ title, answer, crumbs, actions, children }: PageProps): ReactElement {
  useEffect(() => {
    document.title = `${title} · Perennial`;
  }, [title]);
  return (
    <main id="content" className={styles.page}>
      <header className={styles.header}>
        <div className={styles.heading}>
          {crumbs ? <div className={styles.crumbs}>{crumbs}</div> : null}
          <h1>{title}</h1>
          {answer === undefined ? null : (
            <p className={styles.answer} data-loading={answer === null ? '' : undefined}>
              {answer}
            </p>
          )}
        </div>
        {actions ? <div className={styles.actions}>{actions}</div> : null}
      </header>
      {children}
    </main>
  );
}

export interface SectionProps {
  readonly title: string;
  /** Beside the title: a count, a filter, a link to more. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page under a heading. */
export function Section({ title, aside, children }: SectionProps): ReactElement {
  return (
    <section className={styles.section} aria-label={title}>
      <div className={styles.sectionHead}>
        <h2>{title}</h2>
        {aside ? <div className={styles.aside}>{aside}</div> : null}
      </div>
      {children}
    </section>
  );
}

export interface LoadedProps<T> {
  readonly query: UseQueryResult<T>;
  /** Height while it loads, in lines. */
  readonly lines?: number;
  readonly children: (data: T) => ReactNode;
}

/** What a query brought: the frame while it loads, what failed, or the data. What was there stays when asking again fails. */
export function Loaded<T>({ query, lines, children }: LoadedProps<T>): ReactElement {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  return <Loading {...(lines === undefined ? {} : { lines })} />;
}
