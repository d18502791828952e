import { Plus } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { useMay } from '../../../app/session.ts';
import { GoButton } from '../../../ui/go-button.tsx';
import styles from './list-head.module.css';

export interface NewButtonProps {
  /** Where a new one is made. */
  readonly href: string;
  readonly action: string;
}

/** Leads to where a thing is made, for those who may. */
export function NewButton({ href, action }: NewButtonProps): ReactElement | null {
  return useMay('operator') ? (
    <GoButton href={href} icon={Plus}>
      {action}
    </GoButton>
  ) : null;
}

/** Above a list: what it says in a sentence, and where a new one is made. */
export function ListHead({ sentence, ...button }: NewButtonProps & { readonly sentence: ReactNode }): ReactElement {
  return (
    <div className={styles.head}>
      <p>{sentence}</p>
      <NewButton {...button} />
    </div>
  );
}
