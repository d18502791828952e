import { useRouter } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { type RolloutRecord, rolloutStatuses } from '../../../contracts/rollouts.ts';
import { variantName } from '../../../contracts/traffic.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { links } from '../../app/links.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Select } from '../../ui/field.tsx';
import { Go } from '../../ui/go.tsx';
import { Row } from '../../ui/layout.tsx';
import { Loaded } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { Elapsed, Time } from '../../ui/time.tsx';
import { useRollouts } from '../models/queries.ts';
import { stepName } from '../models/words.ts';
import { RolloutStatus, statusWord } from './status.tsx';

const columns: readonly Column<RolloutRecord>[] = [
  {
    id: 'status',
    header: 'State',
    card: 'mark',
    cell: ({ status }) => <RolloutStatus status={status} />,
    sort: ({ status }) => status,
  },
  {
    id: 'what',
    header: 'Rollout',
    cell: (rollout) => (
      <Go href={links.rollout(rollout.id)}>
        {rollout.model} {variantName({ version: rollout.version, configuration: rollout.configuration })}
      </Go>
    ),
    sort: ({ model }) => model,
  },
  { id: 'market', header: 'Of', cell: ({ market }) => market || 'all callers', sort: ({ market }) => market },
  {
    id: 'step',
    header: 'Step',
    cell: ({ plan, step }) => `${stepName(plan.steps[step]?.share ?? 0)}, ${step + 1} of ${plan.steps.length}`,
  },
  { id: 'reason', header: 'Why it stands so', grow: true, wide: true, cell: ({ reason }) => reason },
  { id: 'by', header: 'By', wide: true, cell: ({ by }) => by },
  { id: 'at', header: 'Began', cell: ({ createdAt }) => <Time at={createdAt} />, sort: ({ createdAt }) => createdAt },
  {
    id: 'took',
    header: 'Took',
    numeric: true,
    cell: ({ createdAt, finishedAt }) => <Elapsed from={createdAt} to={finishedAt} />,
  },
];

/** Rollouts, newest first, by model and state. */
export function RolloutList({ models }: { readonly models: readonly string[] }): ReactElement {
  const { model = '', status = '' } = useAddress();
  const setAddress = useSetAddress();
  const router = useRouter();
  const rollouts = useRollouts({ ...(model ? { model } : {}), ...(status ? { status } : {}) });
  return (
    <>
      <Row>
        <Select
          label="Model"
          value={model}
          onChange={(next) => setAddress({ model: next }, true)}
          choices={[{ value: '', label: 'All models' }, ...models.map((one) => ({ value: one, label: one }))]}
        />
        <Select
          label="State"
          value={status}
          onChange={(next) => setAddress({ status: next }, true)}
          choices={[
            { value: '', label: 'Any state' },
            ...rolloutStatuses.map((one) => ({ value: one, label: statusWord(one) })),
          ]}
        />
      </Row>
      <Loaded query={rollouts}>
        {(page) => (
          <>
            <DataTable
              label="Rollouts, newest first"
              columns={columns}
              rows={page.rollouts}
              rowId={({ id }) => id}
              onOpen={({ id }) => router.history.push(links.rollout(id))}
              empty={
                <Empty title="No rollout yet, or none that fits" command="perennial deploy MODEL --canary 5">
                  Deploying a version begins one: from the page of the model, or by the command.
                </Empty>
              }
            />
            {page.next ? <p className="muted">The newest 200 are shown; filter to see others.</p> : null}
          </>
        )}
      </Loaded>
    </>
  );
}
