import type { LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes, ReactElement, ReactNode, Ref } from 'react';
import styles from './button.module.css';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className'> {
  /** Default `plain`. One primary action a page; `danger` for what cannot be undone; `link` where it opens something. */
  readonly kind?: 'plain' | 'primary' | 'danger' | 'quiet' | 'link';
  readonly icon?: LucideIcon;
  /** While the action is under way; it cannot be pressed again. */
  readonly busy?: boolean;
  readonly small?: boolean;
  readonly children?: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button; one without text needs `aria-label`, which is also shown on hover. */
export function Button({ kind = 'plain', icon: Icon, busy, small, children, ...rest }: ButtonProps): ReactElement {
  return (
    <button
      type="button"
      title={children === undefined ? rest['aria-label'] : undefined}
      {...rest}
      disabled={rest.disabled || busy}
      aria-busy={busy || undefined}
      className={styles.button}
      data-kind={kind}
      data-small={small || undefined}
      data-icon={children === undefined || undefined}
    >
      {Icon ? <Icon size={small ? 14 : 16} aria-hidden /> : null}
      {children}
    </button>
  );
}
