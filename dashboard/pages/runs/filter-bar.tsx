import { SlidersHorizontal } from 'lucide-react';
import { type ReactElement, useState } from 'react';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Status } from '../../ui/status.tsx';
import { spans, statusesOf } from './filter.ts';
import styles from './filter-bar.module.css';
import { usePipelines } from './queries.ts';
import { runStatusWords, triggerWords } from './words.ts';

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
  const [isOpen, setIsOpen] = useState(false);
  const folded = ['pipeline', 'trigger', 'span', 'partition'].filter((name) => search[name]).length;
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
      <SearchField
        label="Id, parameter or who started it"
        value={search['text'] ?? ''}
        onChange={(value) => set('text', value)}
      />
      <div className={styles.fold}>
        <Button icon={SlidersHorizontal} aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {folded > 0 ? `More filters (${folded})` : 'More filters'}
        </Button>
      </div>
      <div className={styles.folded} data-open={isOpen || undefined}>
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
        <SearchField
          label="Partition"
          value={search['partition'] ?? ''}
          onChange={(value) => set('partition', value)}
        />
      </div>
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
