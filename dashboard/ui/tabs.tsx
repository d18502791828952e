import { Tabs as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import styles from './tabs.module.css';

export interface Tab {
  readonly id: string;
  readonly title: string;
  /** How many things are in it. */
  readonly count?: number;
  readonly content: () => ReactNode;
}

export interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  /** The one that is open; it belongs into the address. */
  readonly value: string;
  readonly onChange: (id: string) => void;
}

/** Parts of a page of which one is open. */
export function Tabs({ label, tabs, value, onChange }: TabsProps): ReactElement {
  const open = tabs.some((tab) => tab.id === value) ? value : (tabs[0]?.id ?? '');
  return (
    <Radix.Root value={open} onValueChange={onChange} className={styles.tabs}>
      <Radix.List aria-label={label} className={styles.list}>
        {tabs.map((tab) => (
          <Radix.Trigger key={tab.id} value={tab.id} className={styles.tab}>
            {tab.title}
            {tab.count === undefined ? null : <span className={styles.count}>{tab.count}</span>}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.id} value={tab.id} className={styles.content}>
          {tab.content()}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
