import type { ReactElement } from 'react';
import styles from './toggle-set.module.css';

export interface ToggleSetProps<T extends string | number> {
  /** What is chosen, read out with each: `Days of the week`. */
  readonly label: string;
  /** Shown where there is little room; the name is read out. Default: the name. */
  readonly choices: readonly { readonly value: T; readonly name: string; readonly short?: string }[];
  readonly values: readonly T[];
  /** Given in the order of the choices. */
  readonly onChange: (values: T[]) => void;
  /** As a calendar sheet has them, seven in a row. */
  readonly sheet?: boolean;
}

/** Some of a few, each a button that stays down. */
export function ToggleSet<T extends string | number>(props: ToggleSetProps<T>): ReactElement {
  const { label, choices, values, onChange, sheet } = props;
  const toggle = (value: T, on: boolean): void =>
    onChange(choices.map((choice) => choice.value).filter((one) => (one === value ? on : values.includes(one))));
  return (
    <fieldset className={styles.set}>
      <legend>{label}</legend>
      <div className={styles.choices} data-sheet={sheet || undefined}>
        {choices.map(({ value, name, short }) => (
          <label key={value} title={short === undefined ? undefined : name}>
            <input
              type="checkbox"
              aria-label={name}
              checked={values.includes(value)}
              onChange={({ target }) => toggle(value, target.checked)}
            />
            {short ?? name}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
