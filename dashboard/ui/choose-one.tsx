import { type ReactElement, type ReactNode, useId } from 'react';
import styles from './choose-one.module.css';

export interface ChooseOneProps<T extends string> {
  readonly value: T;
  readonly choices: readonly (readonly [value: T, label: ReactNode])[];
  readonly onChange: (value: T) => void;
}

/** One of a few whose words need a line each. */
export function ChooseOne<T extends string>({ value, choices, onChange }: ChooseOneProps<T>): ReactElement {
  const name = useId();
  return (
    <>
      {choices.map(([choice, label]) => (
        <label key={choice} className={styles.choice}>
          <input type="radio" name={name} checked={choice === value} onChange={() => onChange(choice)} />
          {label}
        </label>
      ))}
    </>
  );
}
