import type { ReactElement } from 'react';
import { Field } from './field.tsx';
import type { SchemaField, Typed } from './schema-fields.ts';
import { shownIn } from './schema-fields.ts';
import styles from './schema-form.module.css';

export interface SchemaFormProps {
  readonly fields: readonly SchemaField[];
  readonly typed: Typed;
  /** By names of fields. */
  readonly faults: Typed;
  readonly onChange: (typed: Typed) => void;
}

/** Controls for an object that a JSON schema describes: names, descriptions, defaults and limits are the schema's. */
export function SchemaForm({ fields, typed, faults, onChange }: SchemaFormProps): ReactElement {
  return (
    <div className={styles.form}>
      {fields.map((field) => (
        <Control
          key={field.name}
          field={field}
          value={typed[field.name] ?? ''}
          fault={faults[field.name]}
          onChange={(value) => onChange({ ...typed, [field.name]: value })}
        />
      ))}
    </div>
  );
}

interface ControlProps {
  readonly field: SchemaField;
  readonly value: string;
  readonly fault: string | undefined;
  readonly onChange: (value: string) => void;
}

function Control({ field, value, fault, onChange }: ControlProps): ReactElement {
  const isChanged = value !== shownIn(field, field.default);
  const label = `${field.name}${field.required ? ' (needed)' : isChanged ? ' (changed)' : ''}`;
  return (
    <Field label={label} hint={hintOf(field)} fault={fault}>
      {input()}
    </Field>
  );

  function input(): ReactElement {
    switch (field.kind) {
      case 'choice':
      case 'boolean':
        return (
          <select value={value} onChange={(event) => onChange(event.target.value)}>
            {(field.kind === 'boolean' ? [true, false] : field.choices).map((choice) => (
              <option key={String(choice)} value={String(choice)}>
                {String(choice)}
              </option>
            ))}
          </select>
        );
      case 'json':
        return (
          <textarea rows={3} spellCheck={false} value={value} onChange={(event) => onChange(event.target.value)} />
        );
      default:
        return (
          <input
            type="text"
            inputMode={field.kind === 'number' ? (field.whole ? 'numeric' : 'decimal') : undefined}
            spellCheck={false}
            autoComplete="off"
            aria-invalid={fault === undefined ? undefined : true}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        );
    }
  }
}

function hintOf({ kind, description, minimum, maximum, whole }: SchemaField): string | undefined {
  const bounds =
    minimum !== undefined && maximum !== undefined
      ? `${whole ? 'Whole, from' : 'From'} ${minimum} to ${maximum}.`
      : minimum !== undefined
        ? `At least ${minimum}.`
        : '';
  const how = kind === 'list' ? 'With commas between.' : kind === 'json' ? 'JSON.' : '';
  return [description, bounds, how].filter(Boolean).join(' ') || undefined;
}
