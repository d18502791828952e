import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { useAddress } from '../../../app/address.ts';
import { Loaded, Page } from '../../../ui/page.tsx';
import type { DefinitionKind } from '../queries.ts';
import { Crumbs } from './crumbs.tsx';
import { OperatorsOnly } from './operators-only.tsx';

export interface DefinitionPageProps<T> {
  readonly kind: DefinitionKind;
  readonly id: string;
  readonly query: UseQueryResult<T>;
  /** What it means to change it. */
  readonly changing: string;
  /** What changes it. */
  readonly form: (shown: T) => ReactNode;
  /** Its page, once it is there. */
  readonly children: (shown: T, crumbs: ReactElement) => ReactNode;
}

/** Where a definition stands: its page or, while the address says `edit`, the form that changes it. */
export function DefinitionPage<T extends { readonly pipeline: string | null }>(
  props: DefinitionPageProps<T>,
): ReactElement {
  const { kind, id, query, changing, form, children } = props;
  const { edit } = useAddress();
  const { data: shown } = query;
  if (shown === undefined)
    return (
      <Page title={id} crumbs={<Crumbs tab={kind} />}>
        <Loaded query={query}>{() => null}</Loaded>
      </Page>
    );
  const crumbs = <Crumbs tab={kind} pipeline={shown.pipeline} />;
  if (edit === undefined) return <>{children(shown, crumbs)}</>;
  return (
    <Page title={`Change ${id}`} crumbs={crumbs} answer={changing}>
      <OperatorsOnly>{form(shown)}</OperatorsOnly>
    </Page>
  );
}
