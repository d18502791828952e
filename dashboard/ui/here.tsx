import { useRouterState } from '@tanstack/react-router';
import type { ReactElement, ReactNode } from 'react';
import { stringifySearch, useAddress, useSetAddress } from '../app/address.ts';
import { Go } from './go.tsx';

export interface HereProps {
  /** Names of the query that change; '' takes one away. */
  readonly change: Readonly<Record<string, string>>;
  readonly title?: string;
  readonly children: ReactNode;
}

/** A link to another view of the same page, which stays where it is scrolled to. */
export function Here({ change, title, children }: HereProps): ReactElement {
  const setAddress = useSetAddress();
  const address = useAddress();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <Go
      href={`${path}${stringifySearch({ ...address, ...change })}`}
      title={title}
      onClick={(click) => {
        if (click.metaKey || click.ctrlKey || click.shiftKey || click.altKey) return;
        click.preventDefault();
        setAddress(change);
      }}
    >
      {children}
    </Go>
  );
}
