import type { ReactElement } from 'react';
import { Button } from './button.tsx';
import styles from './more.module.css';

export interface MoreProps {
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
  /** What comes: `terms`. */
  readonly what: string;
}

/** Fetches the next page of a list, where there is one. */
export function More({ query, what }: MoreProps): ReactElement | null {
  if (!query.hasNextPage) return null;
  return (
    <div className={styles.more}>
      <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        Show more {what}
      </Button>
    </div>
  );
}
