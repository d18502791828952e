import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import type { BackfillForecast, BackfillMode, BackfillRecord } from '../../../../contracts/backfills.ts';
import type { JsonObject } from '../../../../contracts/json.ts';
import { useAddress, useSetAddress } from '../../../app/address.ts';
import { useDebounced } from '../../../app/debounced.ts';
import { links } from '../../../app/links.ts';
import { plural } from '../../../format/number.ts';
import { post } from '../../../http/client.ts';
import { Button } from '../../../ui/button.tsx';
import { Field, Select } from '../../../ui/field.tsx';
import { GoButton } from '../../../ui/go-button.tsx';
import { Page, Section } from '../../../ui/page.tsx';
import { Empty, Failure } from '../../../ui/states.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { usePipeline } from '../../runs/queries.ts';
import { Crumbs } from '../parts/crumbs.tsx';
import { faultsOf } from '../parts/faults.ts';
import styles from '../parts/form.module.css';
import { OperatorsOnly } from '../parts/operators-only.tsx';
import { ParamsEditor } from '../parts/params-editor.tsx';
import { PipelineSelect } from '../parts/pipeline-select.tsx';
import { forecastWords, modeWords } from '../words/backfills.ts';
import { Keys } from './keys.tsx';
import { PartitionMatrix } from './partition-matrix.tsx';

const dayMs = 86_400_000;
const daysAgo = (days: number): string => new Date(Date.now() - days * dayMs).toISOString().slice(0, 10);

/** Asks for a backfill: what it would do stands there before it is started. The address holds what is asked for. */
export default function NewBackfill(): ReactElement {
  const address = useAddress();
  const { pipeline = '' } = address;
  const setAddress = useSetAddress();
  const detail = usePipeline(pipeline);
  return (
    <Page
      title="New backfill"
      crumbs={<Crumbs tab="backfills" pipeline={pipeline} />}
      answer="It does days of the past, a few at a time and behind everything else. Nothing starts before you have seen what it would do."
    >
      {pipeline === '' ? (
        <div style={{ maxWidth: 400 }}>
          <PipelineSelect value="" onChange={(next) => setAddress({ pipeline: next })} />
        </div>
      ) : detail.data?.partition === null ? (
        <Empty
          title={`${detail.data.title} has no partitions`}
          action={<GoButton href={links.pipeline(pipeline)}>Back to it</GoButton>}
        >
          A backfill fills days. Give the pipeline’s definition partition: {'{ date: PARAMETER }'}, or start a run of
          it.
        </Empty>
      ) : detail.error ? (
        <Failure error={detail.error} retry={() => void detail.refetch()} />
      ) : (
        <OperatorsOnly>
          <Wizard key={pipeline} pipeline={pipeline} partition={detail.data?.partition ?? null} />
        </OperatorsOnly>
      )}
    </Page>
  );
}

interface WizardProps {
  readonly pipeline: string;
  readonly partition: { readonly date: string; readonly key?: string } | null;
}

function Wizard({ pipeline, partition }: WizardProps): ReactElement {
  const router = useRouter();
  const address = useAddress();
  const setAddress = useSetAddress();
  const {
    from = daysAgo(7),
    to = daysAgo(1),
    keys = '',
    mode = 'missing',
    order = 'newest',
    concurrency = '2',
  } = address;
  const [params, setParams] = useState<JsonObject>({});
  const [chosen, setChosen] = useState<string>();
  const wanted = {
    ...{ pipeline, from, to, mode, order, concurrency: Number(concurrency), params },
    ...(keys === '' ? {} : { keys: keys.split(',') }),
  };
  const settled = useDebounced(wanted, 300);
  const forecast = useQuery({
    queryKey: ['backfills', 'forecast', settled],
    enabled: from !== '' && to !== '',
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: () => post<BackfillForecast>('/v1/backfills', { ...settled, dryRun: true }),
  });
  const start = useAction((ask: object) => post<BackfillRecord>('/v1/backfills', ask), {
    ...{ topics: ['backfills', 'runs'], done: 'The backfill is on its way.' },
  });
  const faults = faultsOf(start.error ?? forecast.error);
  const isOld = JSON.stringify(settled) !== JSON.stringify(wanted) || forecast.isPlaceholderData;
  const set = (change: Record<string, string>): void => setAddress(change, true);
  const { data } = forecast;
  const found = data?.partitions.find((one) => one.partition === chosen);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        start.mutate(wanted, { onSuccess: ({ id }) => router.history.push(links.backfill(id)) });
      }}
    >
      <div className={styles.fields}>
        <div className={styles.line}>
          <PipelineSelect
            value={pipeline}
            onChange={(next) => setAddress({ pipeline: next, keys: null })}
            fault={faults.of('pipeline')}
          />
          <Field label="First day" fault={faults.of('from')}>
            <input type="date" required value={from} onChange={({ target }) => set({ from: target.value })} />
          </Field>
          <Field label="Last day" fault={faults.of('to')}>
            <input type="date" required value={to} onChange={({ target }) => set({ to: target.value })} />
          </Field>
        </div>
        {partition?.key === undefined ? null : (
          <Keys
            pipeline={pipeline}
            name={partition.key}
            value={keys === '' ? [] : keys.split(',')}
            onChange={(next) => set({ keys: next.join(',') })}
            fault={faults.of('keys', true)}
          />
        )}
        <div className={styles.line}>
          <Select
            label="What was done before"
            value={mode}
            choices={Object.entries(modeWords).map(([value, label]) => ({ value, label }))}
            onChange={(next) => set({ mode: next as BackfillMode })}
          />
          <Select
            label="Order"
            value={order}
            choices={[
              { value: 'newest', label: 'newest day first' },
              { value: 'oldest', label: 'oldest day first' },
            ]}
            onChange={(next) => set({ order: next })}
          />
          <Field
            label="Runs at a time"
            hint="other runs go first, unless those of the backfill have waited long"
            fault={faults.of('concurrency')}
          >
            <input
              type="number"
              min={1}
              max={100}
              value={concurrency}
              onChange={({ target }) => set({ concurrency: target.value })}
            />
          </Field>
        </div>
        <ParamsEditor
          pipeline={pipeline}
          value={params}
          onChange={setParams}
          without={[partition?.date ?? '', partition?.key ?? '']}
          faults={faults}
          hint={
            partition
              ? `The same for every run; ${[partition.date, partition.key].filter(Boolean).join(' and ')} are the partition’s.`
              : undefined
          }
        />
        <Section title="What it would do">
          {forecast.error ? (
            <Failure error={forecast.error} />
          ) : data ? (
            <>
              <PartitionMatrix
                label="Partitions that it would do: keys by days"
                partitions={data.partitions}
                cell={({ action, reason }) => ({ ...looks[action], words: reason ?? looks[action].words })}
                selected={chosen}
                onOpen={({ partition: name }) => setChosen(name)}
              />
              <p className="muted" role="status">
                {found
                  ? `${found.partition}: ${found.reason ?? looks[found.action].words}.`
                  : '◦ would run, ✓ left out, ▸ is waited for. A cell says why.'}
              </p>
            </>
          ) : null}
        </Section>
        {start.error ? <Failure error={start.error} /> : null}
      </div>
      <aside className={styles.beside} aria-label="Dry run">
        <strong>Dry run</strong>
        <p role="status">
          {data && !forecast.error
            ? forecastWords(data)
            : forecast.error
              ? 'Cannot be: see the fields.'
              : 'Works it out…'}
        </p>
        <div className={styles.buttons}>
          <Button
            kind="primary"
            type="submit"
            busy={start.isPending}
            disabled={
              isOld || forecast.error !== null || !data || data.partitions.every(({ action }) => action === 'skip')
            }
          >
            {data ? `Start ${plural(data.toRun, 'run')}` : 'Start'}
          </Button>
          <GoButton href={`${links.pipeline(pipeline)}?tab=backfills`}>Back</GoButton>
        </div>
      </aside>
    </form>
  );
}

const looks = {
  run: { tone: 'waiting', words: 'would run' },
  wait: { tone: 'running', words: 'a run is under way and is waited for' },
  skip: { tone: 'ok', words: 'left out' },
} as const;
