import { useParams, useRouter } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import type { FilledPolicy, PolicyRecord, PolicyVersion } from '../../../contracts/policies.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { links } from '../../app/links.ts';
import { useMay } from '../../app/session.ts';
import { list } from '../../format/number.ts';
import { ApiError, post, put, remove } from '../../http/client.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Go } from '../../ui/go.tsx';
import { Row } from '../../ui/layout.tsx';
import { Loaded, Page, Section } from '../../ui/page.tsx';
import { Failure } from '../../ui/states.tsx';
import { Badge, Mark } from '../../ui/status.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Time } from '../../ui/time.tsx';
import { toast } from '../../ui/toast.tsx';
import { useAction } from '../../ui/use-action.ts';
import { Backtest } from './backtest.tsx';
import { PolicyEditor } from './policy-editor.tsx';
import { definitionOf, differencesOf, type PolicyDifference, valuesOf } from './policy-form.ts';
import { type PolicyWithModels, usePolicy, usePolicyDiff, usePolicyVersions } from './queries.ts';

/** One policy: how it decides, changing it after a backtest, and its versions. */
export default function Policy(): ReactElement {
  const { id = '' } = useParams({ strict: false });
  const { tab = 'edit' } = useAddress();
  const setAddress = useSetAddress();
  const query = usePolicy(id);
  const { data } = query;
  return (
    <Page
      title={data?.definition.title ?? `Policy ${id}`}
      crumbs={
        <>
          <Go href={links.retraining}>Retraining</Go> / <Go href={`${links.retraining}?tab=policies`}>Policies</Go>
        </>
      }
      answer={data ? <About policy={data} /> : undefined}
      actions={data && data.origin === 'api' ? <Remove policy={data} /> : null}
    >
      <Loaded query={query}>
        {(policy) => (
          <Tabs
            label="Parts of the policy"
            value={tab}
            onChange={(next) => setAddress({ tab: next === 'edit' ? null : next })}
            tabs={[
              { id: 'edit', title: 'Edit and backtest', content: () => <Edit key={policy.hash} policy={policy} /> },
              { id: 'versions', title: 'Versions', count: policy.version, content: () => <Versions id={id} /> },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}

function About({ policy }: { readonly policy: PolicyWithModels }): ReactElement {
  const { id, definition, models, version, by, at, origin } = policy;
  return (
    <>
      {id} decides about {models.length === 0 ? `${definition.model}, of which there is no champion yet` : list(models)}{' '}
      every day and when something happens{definition.mode === 'observe' ? ', and only observes' : ''}. Version{' '}
      {version}, <Time at={at} />, by {by}
      {origin === 'code' ? ': it stands in the code of its pipeline' : ''}.
    </>
  );
}

function Remove({ policy }: { readonly policy: PolicyRecord }): ReactElement {
  const router = useRouter();
  const may = useMay('operator');
  const path = `/v1/policies/${encodeURIComponent(policy.id)}`;
  const discard = useAction(() => remove(path), {
    topics: ['policies'],
    done: `The policy ${policy.id} is removed.`,
    undo: () => put(path, definitionOf(valuesOf(policy.definition))),
  });
  return (
    <Confirm
      title={`Remove the policy ${policy.id}?`}
      consequence={`Nothing decides about ${policy.definition.model} by it any more. Its versions and decisions stay, and it can be made again.`}
      action="Remove it"
      danger
      onConfirm={async () => {
        await discard.mutateAsync();
        router.history.push(`${links.retraining}?tab=policies`);
      }}
    >
      <Button kind="danger" disabled={!may} title={may ? undefined : 'Needs the role operator'}>
        Remove
      </Button>
    </Confirm>
  );
}

/** What stands in the code cannot be changed here: the form makes another policy of it. */
function Edit({ policy }: { readonly policy: PolicyWithModels }): ReactElement {
  const router = useRouter();
  const may = useMay('operator');
  const isCode = policy.origin === 'code';
  const before = valuesOf(policy.definition);
  const [values, setValues] = useState(isCode ? { ...before, id: `${policy.id}-edited` } : before);
  const [faults, setFaults] = useState<ApiError | null>(null);
  const isSame = JSON.stringify({ ...values, id: '' }) === JSON.stringify({ ...before, id: '' });
  const edited = definitionOf(values);
  const save = useAction(
    async () => {
      const saved = isCode
        ? await post<PolicyRecord>('/v1/policies', edited)
        : await put<PolicyRecord>(`/v1/policies/${encodeURIComponent(policy.id)}`, edited);
      toast(`Version ${saved.version} of ${saved.id} decides from now on.`);
      if (isCode) router.history.push(links.policy(saved.id));
    },
    { topics: ['policies'] },
  );
  const { error } = save;
  const shown = error instanceof ApiError ? error : faults;
  const why = may ? (isSame ? 'Nothing is changed yet' : undefined) : 'Needs the role operator';
  return (
    <>
      {isCode ? (
        <>
          <p className="muted">It stands in the code and is changed there; what is saved here is a policy beside it.</p>
          <AgainstCode id={policy.id} />
        </>
      ) : null}
      <PolicyEditor values={values} onChange={setValues} faults={shown?.fields ?? []} isNew={isCode} />
      <Backtest policy={policy} edited={edited} onFaults={setFaults} />
      <Section title="Save">
        {error ? <Failure error={error} /> : null}
        <p className="muted">
          {isCode
            ? `${values.id} would decide beside ${policy.id}: remove that one from the code, or let one of both only observe.`
            : `Version ${policy.version + 1} decides from the next decision on. Decisions that were made stay, and the versions before can be read.`}
        </p>
        <Row>
          <Button
            kind="primary"
            busy={save.isPending}
            disabled={why !== undefined}
            title={why}
            onClick={() => save.mutate()}
          >
            {isCode ? 'Save as another policy' : `Save as version ${policy.version + 1}`}
          </Button>
          <Button disabled={isSame} onClick={() => setValues(isCode ? { ...before, id: values.id } : before)}>
            As it was
          </Button>
        </Row>
      </Section>
    </>
  );
}

function AgainstCode({ id }: { readonly id: string }): ReactElement {
  const diff = usePolicyDiff();
  return (
    <Loaded query={diff} lines={1}>
      {(changes) => {
        const own = changes.find((change) => change.id === id);
        return own ? (
          <Mark
            tone="late"
            word={`The code says otherwise: ${own.fields.map(({ field }) => field).join(', ') || own.kind}.`}
          />
        ) : (
          <Mark tone="ok" word="It is as the code has it." />
        );
      }}
    </Loaded>
  );
}

const columns: readonly Column<PolicyDifference>[] = [
  { id: 'path', header: 'Field', cell: ({ path }) => <code>{path}</code> },
  { id: 'from', header: 'Before', cell: ({ from }) => from || <span className="muted">none</span> },
  { id: 'to', header: 'Since', cell: ({ to }) => to || <span className="muted">none</span> },
];

function Versions({ id }: { readonly id: string }): ReactElement {
  const { version = '' } = useAddress();
  const versions = usePolicyVersions(id);
  return (
    <Loaded query={versions}>
      {(found) => (
        <>
          {found.map((one, i) => (
            <VersionOf
              key={one.version}
              one={one}
              before={found[i + 1]?.definition}
              isMeant={String(one.version) === version}
            />
          ))}
        </>
      )}
    </Loaded>
  );
}

function VersionOf({
  one,
  before,
  isMeant,
}: {
  readonly one: PolicyVersion;
  readonly before: FilledPolicy | undefined;
  readonly isMeant: boolean;
}): ReactElement {
  const differences = before ? differencesOf(before, one.definition) : [];
  return (
    <Section
      title={`Version ${one.version}`}
      aside={
        <>
          {isMeant ? <Badge tone="running">decided</Badge> : null}
          <span>
            <Time at={one.at} /> by {one.by}
          </span>
        </>
      }
    >
      {before === undefined ? (
        <p className="muted">The first.</p>
      ) : differences.length === 0 ? (
        <p className="muted">The same as the version before.</p>
      ) : (
        <DataTable
          label={`What version ${one.version} changed`}
          columns={columns}
          rows={differences}
          rowId={({ path }) => path}
        />
      )}
    </Section>
  );
}
