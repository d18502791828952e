import { type ReactElement, useEffect, useRef, useState } from 'react';
import { Field } from './field.tsx';

/** Typing is over when no key came for so long. */
const pauseMs = 250;

export interface SearchFieldProps {
  readonly label: string;
  /** Default: the label. */
  readonly placeholder?: string;
  /** What is looked for; one that changes otherwise, as by going back, is shown. */
  readonly value: string;
  /** Told, without blanks around it, once typing pauses. */
  readonly onChange: (text: string) => void;
}

/** Words to look for, which belong into the address. */
export function SearchField({ label, placeholder = label, value, onChange }: SearchFieldProps): ReactElement {
  const [text, setText] = useState(value);
  const [before, setBefore] = useState(value);
  const told = useRef(value);
  if (before !== value) {
    setBefore(value);
    // What comes back of what was told must not take away what has been typed since.
    if (value !== told.current) {
      told.current = value;
      setText(value);
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed is waited for
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = window.setTimeout(() => {
      told.current = text.trim();
      onChange(told.current);
    }, pauseMs);
    return () => window.clearTimeout(timer);
  }, [text]);
  return (
    <Field label={label} bare>
      <input type="search" placeholder={placeholder} value={text} onChange={({ target }) => setText(target.value)} />
    </Field>
  );
}
