import { type ReactElement, useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { usePartitions } from '../../today/queries.ts';
import styles from '../parts/form.module.css';
import own from './backfill.module.css';

const dayMs = 86_400_000;
/** Keys that runs of these days had are offered. */
const lookedAt = 30;

export interface KeysProps {
  readonly pipeline: string;
  /** The parameter that holds the key, such as `market`. */
  readonly name: string;
  /** Empty: one run a day for all keys. */
  readonly value: readonly string[];
  readonly onChange: (keys: readonly string[]) => void;
  readonly fault: string | undefined;
}

/** Which keys a backfill fills: all with one run a day, or some of those that there are. */
export function Keys({ pipeline, name, value, onChange, fault }: KeysProps): ReactElement {
  const [some, setSome] = useState(value.length > 0);
  const [filter, setFilter] = useState('');
  const [today] = useState(() => Date.now());
  const day = (ago: number): string => new Date(today - ago * dayMs).toISOString().slice(0, 10);
  const { data } = usePartitions(pipeline, day(lookedAt - 1), day(0));
  const known = [...new Set([...(data?.keys ?? []).filter(Boolean), ...value])].sort();
  const text = filter.trim();
  // What was chosen when the form opened stands first, and stays there: nothing moves as keys are ticked.
  const [first] = useState(value);
  const shown = known
    .filter((key) => key.toLowerCase().includes(text.toLowerCase()))
    .sort((a, b) => Number(first.includes(b)) - Number(first.includes(a)));
  return (
    <fieldset className={styles.group}>
      <legend>Keys ({name})</legend>
      <div className={styles.checks}>
        <label>
          <input
            type="radio"
            name="keys"
            checked={!some}
            onChange={() => {
              setSome(false);
              onChange([]);
            }}
          />
          One run a day for all of them
        </label>
        <label>
          <input type="radio" name="keys" checked={some} onChange={() => setSome(true)} />A run for each day and each of
          these
        </label>
      </div>
      {some ? (
        <>
          <div className={styles.line}>
            <Field label={`Find or add a ${name}`} bare>
              <input
                type="search"
                placeholder={`Find or add a ${name}`}
                value={filter}
                onChange={({ target }) => setFilter(target.value)}
              />
            </Field>
            <div className={styles.buttons}>
              {text !== '' && !known.includes(text) ? (
                <Button
                  onClick={() => {
                    onChange([...value, text]);
                    setFilter('');
                  }}
                >
                  Add “{text}”
                </Button>
              ) : null}
              <Button kind="quiet" onClick={() => onChange([...new Set([...value, ...shown])])}>
                Choose {shown.length} shown
              </Button>
              <Button kind="quiet" onClick={() => onChange([])}>
                Choose none
              </Button>
            </div>
          </div>
          <div className={own.keys}>
            {shown.map((key) => (
              <label key={key}>
                <input
                  type="checkbox"
                  checked={value.includes(key)}
                  onChange={({ target }) =>
                    onChange(target.checked ? [...value, key] : value.filter((one) => one !== key))
                  }
                />
                {key}
              </label>
            ))}
          </div>
          {value.length === 0 ? (
            <p className="muted">While none is chosen, it is one run a day for all of them.</p>
          ) : null}
        </>
      ) : null}
      {fault ? <p role="alert">{fault}</p> : null}
    </fieldset>
  );
}
