import type { ReactElement, ReactNode } from 'react';
import styles from './layout.module.css';

/** Controls beside each other, on as many lines as they need. */
export function Row({ children }: { readonly children: ReactNode }): ReactElement {
  return <div className={styles.row}>{children}</div>;
}

/** Parts beside each other where there is room for them, else below each other. */
export function Columns({ children }: { readonly children: ReactNode }): ReactElement {
  return <div className={styles.columns}>{children}</div>;
}
