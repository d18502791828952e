import type { ReactElement, ReactNode } from 'react';
import { useMay } from '../../../app/session.ts';
import { Empty } from '../../../ui/states.tsx';

/** What operators may do; others are told so. */
export function OperatorsOnly({ children }: { readonly children: ReactNode }): ReactElement {
  if (useMay('operator')) return <>{children}</>;
  return (
    <Empty title="Your key may look, but not change anything">
      This needs a key with the role operator. Ask an administrator for one: they make it under System / Keys.
    </Empty>
  );
}
