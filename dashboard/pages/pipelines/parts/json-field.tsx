import { type ReactElement, useState } from 'react';
import { Field } from '../../../ui/field.tsx';

export interface JsonFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: unknown;
  /** Called with what the text means, as long as it is JSON. */
  readonly onChange: (value: unknown) => void;
  readonly fault?: string | undefined;
  /** Default 4. */
  readonly rows?: number;
}

/** A value typed as JSON; text that is none is kept, and the fault named with its place: the form is not sent with it. */
export function JsonField({ label, hint, value, onChange, fault, rows = 4 }: JsonFieldProps): ReactElement {
  const [text, setText] = useState(() => JSON.stringify(value, null, 2));
  const [broken, setBroken] = useState<string>();
  const change = (next: string): void => {
    setText(next);
    let read: unknown;
    try {
      read = JSON.parse(next);
    } catch (error) {
      setBroken(`is no JSON: ${(error as Error).message}`);
      return;
    }
    setBroken(undefined);
    onChange(read);
  };
  return (
    <Field label={label} hint={hint} fault={broken ?? fault}>
      <textarea
        ref={(area) => area?.setCustomValidity(broken ?? '')}
        className="mono"
        rows={rows}
        spellCheck={false}
        value={text}
        onChange={({ target }) => change(target.value)}
      />
    </Field>
  );
}
