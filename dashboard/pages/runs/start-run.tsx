import { useRouter } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import type { JsonObject } from '../../../contracts/json.ts';
import type { PipelineDetail } from '../../../contracts/pipelines.ts';
import type { RunBrief } from '../../../contracts/runs.ts';
import { links } from '../../app/links.ts';
import { request } from '../../http/client.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Select } from '../../ui/field.tsx';
import { Loaded } from '../../ui/page.tsx';
import { useAction } from '../../ui/use-action.ts';
import { usePipeline, usePipelines } from './queries.ts';
import styles from './run-form.module.css';
import { RunForm } from './run-form.tsx';

const priorities = [
  { value: '1', label: '1, before everything' },
  { value: '2', label: '2, high' },
  { value: '3', label: '3, normal' },
  { value: '4', label: '4, as backfills' },
  { value: '5', label: '5, last' },
];

/** A key by which a request that is sent again, after a connection that broke, starts no second run. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

export interface StartRunProps {
  /** Id of a pipeline; '' for the first. */
  readonly pipeline: string;
  readonly onChoose: (pipeline: string) => void;
  readonly onClose: () => void;
}

/** Starts a run of a pipeline with parameters of choice, and opens it. */
export function StartRun({ pipeline, onChoose, onClose }: StartRunProps): ReactElement {
  const router = useRouter();
  const pipelines = usePipelines();
  const known = pipelines.data ?? [];
  const id = known.some((one) => one.id === pipeline) ? pipeline : (known[0]?.id ?? '');
  const detail = usePipeline(id);
  const [priority, setPriority] = useState('3');
  const [cache, setCache] = useState(true);
  const [key] = useState(newKey);
  const start = useAction(
    ({ pipeline: { id }, params }: { readonly pipeline: PipelineDetail; readonly params: JsonObject }) =>
      request<RunBrief>('POST', '/v1/runs', {
        body: { pipeline: id, params, priority: Number(priority), cache },
        headers: { 'idempotency-key': key },
      }),
    { topics: ['runs'], done: ({ pipeline: { title } }) => `The run of ${title} is queued.` },
  );
  return (
    <Dialog title="Start a run" open onClose={onClose} side>
      <Loaded query={pipelines} lines={2}>
        {(all) => (
          <Select
            label="Pipeline"
            value={id}
            choices={all.map((one) => ({ value: one.id, label: `${one.title} (${one.id})` }))}
            onChange={onChoose}
          />
        )}
      </Loaded>
      <Loaded query={detail}>
        {(found) => (
          <>
            <p className="muted">{found.description}</p>
            <RunForm
              key={found.id}
              pipeline={found}
              action={`Start ${found.title}`}
              onSubmit={async (params) => {
                const run = await start.mutateAsync({ pipeline: found, params });
                router.history.push(links.run(run.id));
              }}
            >
              <div className={styles.row}>
                <Select label="Priority" value={priority} choices={priorities} onChange={setPriority} />
                <label className={styles.choice}>
                  <input type="checkbox" checked={cache} onChange={(event) => setCache(event.target.checked)} />
                  <span>Take outputs of unchanged steps from the step cache</span>
                </label>
              </div>
            </RunForm>
          </>
        )}
      </Loaded>
    </Dialog>
  );
}
