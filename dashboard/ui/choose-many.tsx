import { Check, ChevronDown } from 'lucide-react';
import { DropdownMenu as Menu } from 'radix-ui';
import type { ReactElement } from 'react';
import { Button } from './button.tsx';
import styles from './choose-many.module.css';
import type { Choice } from './field.tsx';

export interface ChooseManyProps {
  /** What is chosen: `Glossaries`. */
  readonly label: string;
  /** What is chosen now, in words: `Retail terms`, `none`. */
  readonly summary: string;
  readonly choices: readonly Choice[];
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
}

/** Some of a few; stays open while they are ticked. */
export function ChooseMany({ label, summary, choices, values, onChange }: ChooseManyProps): ReactElement {
  const toggle = (value: string, on: boolean): void =>
    onChange(choices.map((choice) => choice.value).filter((one) => (one === value ? on : values.includes(one))));
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger asChild>
        <Button disabled={choices.length === 0}>
          <span className={styles.label}>{label}:</span>
          <span className={styles.summary}>{summary}</span>
          <ChevronDown size={14} aria-hidden />
        </Button>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content className={styles.menu} align="start" sideOffset={4}>
          {choices.map(({ value, label: name }) => (
            <Menu.CheckboxItem
              key={value}
              className={styles.item}
              checked={values.includes(value)}
              onCheckedChange={(on) => toggle(value, on === true)}
              onSelect={(event) => event.preventDefault()}
            >
              <span className={styles.tick}>
                <Menu.ItemIndicator>
                  <Check size={14} aria-hidden />
                </Menu.ItemIndicator>
              </span>
              {name}
            </Menu.CheckboxItem>
          ))}
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
