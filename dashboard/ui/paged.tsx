import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { Button } from './button.tsx';
import { Failure, Loading } from './states.tsx';

export interface PagedProps<Page> {
  readonly query: UseInfiniteQueryResult<InfiniteData<Page>>;
  /** What the button for the next page says; default `Show more`. */
  readonly more?: string;
  readonly children: (pages: readonly Page[]) => ReactNode;
}

/** A list that comes page by page, with a button for the next. */
export function Paged<Page>({ query, more, children }: PagedProps<Page>): ReactElement {
  if (query.data === undefined)
    return query.error ? <Failure error={query.error} retry={() => void query.refetch()} /> : <Loading lines={10} />;
  return (
    <>
      {children(query.data.pages)}
      <NextPage query={query} more={more} />
    </>
  );
}

export interface NextPageProps {
  readonly query: UseInfiniteQueryResult;
  readonly more?: string | undefined;
}

/** The button for the next page of a list, and why it did not come; nothing after the last. */
export function NextPage({ query, more = 'Show more' }: NextPageProps): ReactElement {
  return (
    <>
      {query.hasNextPage ? (
        <div>
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {more}
          </Button>
        </div>
      ) : null}
      {query.isFetchNextPageError && query.error ? <Failure error={query.error} /> : null}
    </>
  );
}
