import type { ReactElement, ReactNode } from 'react';
import styles from './field.module.css';

export interface FieldProps {
  readonly label: string;
  /** What it means or how it is written, under the control. */
  readonly hint?: ReactNode;
  /** What is wrong with the value. */
  readonly fault?: string | undefined;
  /** The label is read out only; for filters whose value says what they are. */
  readonly bare?: boolean;
  /** An input, select or textarea. */
  readonly children: ReactNode;
}

/** A control of a form with its label, hint and fault. */
export function Field({ label, hint, fault, bare, children }: FieldProps): ReactElement {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is its child
    <label className={styles.field} data-fault={fault === undefined ? undefined : ''}>
      <span className={bare ? 'hidden' : styles.label}>{label}</span>
      {children}
      {fault === undefined ? null : <span className={styles.fault}>{fault}</span>}
      {hint === undefined ? null : <span className={styles.hint}>{hint}</span>}
    </label>
  );
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
  readonly bare?: boolean;
}

/** One of a few: the browser's own control, which every keyboard, phone and screen reader knows. */
export function Select({ label, value, choices, onChange, bare }: SelectProps): ReactElement {
  return (
    <Field label={label} {...(bare ? { bare } : {})}>
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </Field>
  );
}
