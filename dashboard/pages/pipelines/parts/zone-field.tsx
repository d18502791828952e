import { type ReactElement, useId } from 'react';
import { Field } from '../../../ui/field.tsx';

const zones = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];

export interface ZoneFieldProps {
  readonly value: string;
  readonly onChange: (zone: string) => void;
  readonly hint?: string;
  readonly fault?: string | undefined;
  readonly required?: boolean;
}

/** A time zone, with the names that the browser knows to choose from. */
export function ZoneField({ value, onChange, hint, fault, required }: ZoneFieldProps): ReactElement {
  const list = useId();
  return (
    <>
      <Field label="Time zone" hint={hint} fault={fault}>
        <input list={list} required={required} value={value} onChange={({ target }) => onChange(target.value)} />
      </Field>
      <datalist id={list}>
        {zones.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  );
}
