import { type ReactElement, useEffect, useState } from 'react';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { Status } from '../../ui/status.tsx';
import { spans, statusesOf } from './filter.ts';
import styles from './filter-bar.module.css';
import { usePipelines } from './queries.ts';
import { runStatusWords, triggerWords } from './words.ts';

/** Typing is over when no key came for so long. */
const pauseMs = 250;
const cleared = Object.fromEntries(
  ['status', 'pipeline', 'trigger', 'text', 'partition', 'backfill', 'span', 'from', 'to'].map((name) => [name, null]),
);

/** By what the list of runs is filtered; all of it stands in the address. */
export function FilterBar(): ReactElement {
  const search = useAddress();
  const setAddress = useSetAddress();
  const pipelines = usePipelines();
  const set = (name: string, value: string): void => setAddress({ [name]: value || null }, true);
  const chosen = statusesOf(search);
  const toggle = (status: string): void => {
    const next = chosen.includes(status) ? chosen.filter((one) => one !== status) : [...chosen, status];
    set('status', next.join(','));
  };
  const isFiltered = Object.keys(cleared).some((name) => search[name]);
  const bounds = [search['from'] && `from ${search['from']}`, search['to'] && `to ${search['to']}`].filter(Boolean);
  return (
    <search className={styles.bar} aria-label="Filter runs">
      <fieldset className={styles.states}>
        <legend className="hidden">States</legend>
        {runStatusWords.map((status) => (
          <button key={status} type="button" aria-pressed={chosen.includes(status)} onClick={() => toggle(status)}>
            <Status status={status} />
          </button>
        ))}
      </fieldset>
      <TextFilter name="text" label="Id, parameter or who started it" value={search['text'] ?? ''} onChange={set} />
      <Select
        label="Pipeline"
        bare
        value={search['pipeline'] ?? ''}
        choices={[
          { value: '', label: 'All pipelines' },
          ...(pipelines.data ?? []).map(({ id, title }) => ({ value: id, label: title })),
        ]}
        onChange={(value) => set('pipeline', value)}
      />
      <Select
        label="Started by"
        bare
        value={search['trigger'] ?? ''}
        choices={[{ value: '', label: 'Started by anything' }, ...triggerWords]}
        onChange={(value) => set('trigger', value)}
      />
      <Select
        label="Time"
        bare
        value={search['span'] ?? ''}
        choices={[
          { value: '', label: 'Any time' },
          ...Object.entries(spans).map(([value, { label }]) => ({ value, label })),
        ]}
        onChange={(value) => setAddress({ span: value || null, from: null, to: null }, true)}
      />
      <TextFilter name="partition" label="Partition" value={search['partition'] ?? ''} onChange={set} />
      {search['backfill'] ? <span className="muted">of one backfill</span> : null}
      {bounds.length > 0 ? <span className="muted">{bounds.join(' ')}</span> : null}
      {isFiltered ? (
        <Button kind="quiet" small onClick={() => setAddress(cleared, true)}>
          Clear
        </Button>
      ) : null}
    </search>
  );
}

interface TextFilterProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (name: string, value: string) => void;
}

function TextFilter({ name, label, value, onChange }: TextFilterProps): ReactElement {
  const [text, setText] = useState(value);
  const [before, setBefore] = useState(value);
  // The address changed otherwise: by going back, or by clearing the filter.
  if (before !== value) {
    setBefore(value);
    setText(value);
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed is waited for
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = window.setTimeout(() => onChange(name, text.trim()), pauseMs);
    return () => window.clearTimeout(timer);
  }, [text]);
  return (
    <Field label={label} bare>
      <input type="search" placeholder={label} value={text} onChange={(event) => setText(event.target.value)} />
    </Field>
  );
}
