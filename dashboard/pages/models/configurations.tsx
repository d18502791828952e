import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import type { Json } from '../../../contracts/json.ts';
import type {
  ConfigurationComparison,
  ConfigurationList,
  ServingConfiguration,
  SettingComparison,
  SettingSchema,
} from '../../../contracts/serving-configurations.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { useMay } from '../../app/session.ts';
import { ApiError, get, post } from '../../http/client.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { Row } from '../../ui/layout.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import { Empty, Failure } from '../../ui/states.tsx';
import { Badge } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { toast } from '../../ui/toast.tsx';
import { useAction } from '../../ui/use-action.ts';
import { Deploy } from './deploy.tsx';
import styles from './models.module.css';

const pathOf = (model: string): string => `/v1/models/${encodeURIComponent(model)}/configurations`;
const said = (value: Json): string => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value));

/** Configurations by which a model is served: which there are, two side by side, and another one. */
export function Configurations({ model }: { readonly model: string }): ReactElement {
  const configurations = useQuery({
    queryKey: ['models', 'configurations', model],
    queryFn: ({ signal }) => get<ConfigurationList>(pathOf(model), undefined, signal),
  });
  if (configurations.error instanceof ApiError && configurations.error.code === 'PARAMETER_INVALID')
    return (
      <Empty title="Models of this kind have no settings">
        They are served in one way only. {configurations.error.remedy}
      </Empty>
    );
  return <Loaded query={configurations}>{(list) => <Configured list={list} />}</Loaded>;
}

function Configured({ list }: { readonly list: ConfigurationList }): ReactElement {
  const { a = '0', b = String(list.configurations[0]?.configuration ?? 0) } = useAddress();
  const setAddress = useSetAddress();
  const may = useMay('operator');
  const [isMaking, setMaking] = useState(false);
  const columns: readonly Column<ServingConfiguration>[] = [
    {
      id: 'number',
      header: 'Configuration',
      cell: ({ configuration }) => (
        <>
          {configuration} {configuration === list.inForce ? <Badge tone="ok">in force</Badge> : null}
        </>
      ),
    },
    {
      id: 'settings',
      header: 'Sets',
      cell: ({ settings }) =>
        Object.entries(settings)
          .map(([name, value]) => `${name} ${said(value)}`)
          .join(', '),
    },
    { id: 'reason', header: 'Reason', grow: true, wide: true, cell: ({ reason }) => reason },
    { id: 'by', header: 'By', cell: ({ by }) => by },
    { id: 'at', header: 'Made', cell: ({ at }) => <Time at={at} /> },
    {
      id: 'deploy',
      header: 'Roll out',
      cell: ({ configuration }) =>
        configuration === list.inForce ? null : <Deploy model={list.model} configuration={configuration} small />,
    },
  ];
  const choices = [
    { value: '0', label: 'Built-in defaults' },
    ...list.configurations.map(({ configuration }) => ({
      value: String(configuration),
      label: `Configuration ${configuration}`,
    })),
  ];
  return (
    <>
      <Section
        title="Configurations"
        aside={
          <Button onClick={() => setMaking(true)} disabled={!may} title={may ? undefined : 'Needs the role operator'}>
            New configuration
          </Button>
        }
      >
        <p className="muted">
          {list.inForce === 0 ? 'The built-in defaults are in force.' : `Configuration ${list.inForce} is in force.`}{' '}
          Another one serves nobody before it is rolled out.
        </p>
        <DataTable
          label="Configurations of the model"
          columns={columns}
          rows={list.configurations}
          rowId={({ configuration }) => String(configuration)}
          empty={<Empty title="No configuration but the built-in defaults" />}
        />
      </Section>
      <Section title="Compare two configurations">
        <Row>
          <Select label="First" value={a} choices={choices} onChange={(next) => setAddress({ a: next }, true)} />
          <Select label="Second" value={b} choices={choices} onChange={(next) => setAddress({ b: next }, true)} />
        </Row>
        <SideBySide model={list.model} a={a} b={b} />
      </Section>
      <Make list={list} open={isMaking} onClose={() => setMaking(false)} />
    </>
  );
}

function SideBySide({ model, a, b }: { readonly model: string; readonly a: string; readonly b: string }): ReactElement {
  const comparison = useQuery({
    queryKey: ['models', 'configurations', model, a, b],
    queryFn: ({ signal }) => get<ConfigurationComparison>(`${pathOf(model)}/compare`, { a, b }, signal),
  });
  const columns: readonly Column<SettingComparison>[] = [
    { id: 'name', header: 'Setting', cell: ({ name }) => <code>{name}</code> },
    { id: 'a', header: a === '0' ? 'Built in' : `Configuration ${a}`, numeric: true, cell: (row) => said(row.a) },
    {
      id: 'b',
      header: b === '0' ? 'Built in ' : `Configuration ${b}`,
      numeric: true,
      cell: (row) => (row.same ? said(row.b) : <strong>{said(row.b)}</strong>),
    },
    {
      id: 'same',
      header: 'Same',
      cell: ({ same }) => (same ? <span className="muted">same</span> : <Badge tone="late">differs</Badge>),
    },
    {
      id: 'means',
      header: 'What it does',
      grow: true,
      wide: true,
      cell: ({ means }) => <span title={means}>{means}</span>,
    },
  ];
  return (
    <Loaded query={comparison} lines={4}>
      {({ settings }) => (
        <DataTable label="Settings side by side" columns={columns} rows={settings} rowId={({ name }) => name} />
      )}
    </Loaded>
  );
}

/** What was typed as the setting's value; '' leaves the built-in default. */
function settingOf(schema: SettingSchema, text: string): Json {
  if (schema.type === 'boolean') return text === 'true';
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}

function Make({
  list,
  open,
  onClose,
}: {
  readonly list: ConfigurationList;
  readonly open: boolean;
  readonly onClose: () => void;
}): ReactElement {
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [reason, setReason] = useState('');
  const save = useAction(
    async () => {
      const given = Object.entries(values).filter(([, text]) => text !== '');
      const settings = Object.fromEntries(
        given.map(([name, text]) => [name, settingOf(list.settings[name] ?? {}, text)]),
      );
      const made = await post<ServingConfiguration>(pathOf(list.model), { settings, reason });
      toast(`Configuration ${made.configuration} is kept; it serves nobody before it is rolled out.`);
      setValues({});
      onClose();
    },
    { topics: ['models'] },
  );
  const { error } = save;
  const faultOf = (field: string): string | undefined =>
    error instanceof ApiError ? error.fields.find((fault) => fault.field.endsWith(field))?.message : undefined;
  return (
    <Dialog title={`A configuration of ${list.model}`} open={open} onClose={onClose} side>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        {Object.entries(list.settings).map(([name, schema]) => {
          const value = values[name] ?? '';
          const set = (next: string): void => setValues({ ...values, [name]: next });
          const hint = `${schema.description ?? ''} Built in: ${said(schema.default ?? '')}${schema.minimum === undefined ? '' : `; ${schema.minimum} to ${schema.maximum}`}.`;
          return (
            <Field key={name} label={name} hint={hint} fault={faultOf(`settings.${name}`)}>
              {schema.type === 'boolean' ? (
                <select value={value} onChange={(event) => set(event.target.value)}>
                  <option value="">as built in</option>
                  <option value="true">yes</option>
                  <option value="false">no</option>
                </select>
              ) : (
                <input
                  inputMode="decimal"
                  value={value}
                  placeholder={said(schema.default ?? '')}
                  onChange={(event) => set(event.target.value)}
                />
              )}
            </Field>
          );
        })}
        <Field label="Reason" fault={faultOf('reason')}>
          <textarea rows={2} value={reason} onChange={(event) => setReason(event.target.value)} />
        </Field>
        {error ? <Failure error={error} /> : null}
        <Button kind="primary" type="submit" busy={save.isPending} disabled={reason.trim().length < 3}>
          Keep it as the next configuration
        </Button>
      </form>
    </Dialog>
  );
}
