import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { Button } from './button.tsx';
import { Failure, Loading } from './states.tsx';

export interface PagedProps<Page> {
  readonly query: UseInfiniteQueryResult<InfiniteData<Page>>;
  readonly children: (pages: readonly Page[]) => ReactNode;
}

/** A list that comes page by page, with a button for the next. */
export function Paged<Page>({ query, children }: PagedProps<Page>): ReactElement {
  if (query.data === undefined)
    return query.error ? <Failure error={query.error} retry={() => void query.refetch()} /> : <Loading lines={10} />;
  return (
    <>
      {children(query.data.pages)}
      {query.hasNextPage ? (
        <div>
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show more
          </Button>
        </div>
      ) : null}
      {query.isFetchNextPageError && query.error ? <Failure error={query.error} /> : null}
    </>
  );
}
