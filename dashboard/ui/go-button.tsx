import type { LucideIcon } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import styles from './button.module.css';
import { Go } from './go.tsx';

export interface GoButtonProps {
  readonly href: string;
  readonly kind?: 'plain' | 'primary' | 'quiet';
  readonly icon?: LucideIcon;
  readonly small?: boolean;
  readonly children: ReactNode;
}

/** A link that leads to an action, and looks as a button does. */
export function GoButton({ href, kind = 'plain', icon: Icon, small, children }: GoButtonProps): ReactElement {
  return (
    <Go href={href} className={styles.button} data-kind={kind} data-small={small || undefined}>
      {Icon ? <Icon size={small ? 14 : 16} aria-hidden /> : null}
      {children}
    </Go>
  );
}
