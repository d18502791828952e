import { Plus, X } from 'lucide-react';
import type { ReactElement } from 'react';
import type { FieldFault } from '../../../contracts/errors.ts';
import { PolicySchema, WatchedKpiSchema } from '../../../contracts/policies.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Prose } from '../../ui/prose.tsx';
import { faultOf, kpiFields, type PolicyField, type PolicyValues, policyGroups } from './policy-form.ts';
import styles from './retraining.module.css';

interface Described {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly anyOf?: readonly Described[];
}

/** What the schema says of a field, which is its hint. */
function hintOf(schema: Described, path: string): string | undefined {
  const [name = '', ...rest] = path.split('.');
  const inner = schema.properties ?? schema.anyOf?.find(({ properties }) => properties)?.properties;
  const found = inner?.[name];
  if (!found || rest.length === 0) return found?.description;
  return hintOf(found, rest.join('.'));
}

interface EditorProps {
  readonly values: PolicyValues;
  readonly onChange: (values: PolicyValues) => void;
  /** Of the API. */
  readonly faults: readonly FieldFault[];
  /** Whether it will be another policy, with an id of its own. */
  readonly isNew: boolean;
}

/** The fields of a policy with what they mean, and what is wrong with them. */
export function PolicyEditor({ values, onChange, faults, isNew }: EditorProps): ReactElement {
  const set = (path: string, value: string): void =>
    onChange({ ...values, fields: { ...values.fields, [path]: value } });
  return (
    <div className={styles.form}>
      {isNew ? (
        <Field
          label="Id of the new policy"
          hint={hintOf(PolicySchema as Described, 'id')}
          fault={faultOf(faults, 'id')}
        >
          <input value={values.id} onChange={(event) => onChange({ ...values, id: event.target.value })} />
        </Field>
      ) : null}
      {policyGroups.map(({ title, fields }) => (
        <fieldset key={title} className={styles.group}>
          <legend>{title}</legend>
          <div className={styles.fields}>
            {fields.map((field) => (
              <Field
                key={field.path}
                label={field.label}
                hint={<Prose text={hintOf(PolicySchema as Described, field.path) ?? ''} />}
                fault={faultOf(faults, field.path)}
              >
                <Control
                  field={field}
                  value={values.fields[field.path] ?? ''}
                  onChange={(next) => set(field.path, next)}
                />
              </Field>
            ))}
          </div>
        </fieldset>
      ))}
      <Kpis values={values} onChange={onChange} faults={faults} />
    </div>
  );
}

function Control({
  field: { kind, choices = [] },
  value,
  onChange,
  label,
}: {
  readonly field: PolicyField;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly label?: string;
}): ReactElement {
  if (kind === 'choice' || kind === 'flag')
    return (
      <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
        {(kind === 'flag' ? ['true', 'false'] : choices).map((choice) => (
          <option key={choice} value={choice}>
            {choice === 'true' ? 'yes' : choice === 'false' ? 'no' : choice}
          </option>
        ))}
      </select>
    );
  if (kind === 'json')
    return (
      <textarea
        aria-label={label}
        rows={3}
        className="mono"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  return (
    <input
      aria-label={label}
      inputMode={kind === 'number' ? 'decimal' : undefined}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function Kpis({ values, onChange, faults }: Pick<EditorProps, 'values' | 'onChange' | 'faults'>): ReactElement {
  const { kpis } = values;
  const set = (next: PolicyValues['kpis']): void => onChange({ ...values, kpis: next });
  return (
    <fieldset className={styles.group}>
      <legend>Key figures</legend>
      {kpis.length === 0 ? <p className="muted">None is watched.</p> : null}
      {kpis.map((kpi, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: key figures are known by their place
        <div key={n} className={styles.kpi}>
          <div className={styles.fields}>
            {kpiFields.map((field) => (
              <Field
                key={field.path}
                label={field.label}
                hint={hintOf(WatchedKpiSchema as Described, field.path)}
                fault={faultOf(faults, `kpis.${n}.${field.path}`)}
              >
                <Control
                  field={field}
                  value={kpi[field.path] ?? ''}
                  onChange={(next) => set(kpis.map((one, i) => (i === n ? { ...one, [field.path]: next } : one)))}
                />
              </Field>
            ))}
          </div>
          <Button small kind="quiet" icon={X} onClick={() => set(kpis.filter((_, i) => i !== n))}>
            Watch it no more
          </Button>
        </div>
      ))}
      <div>
        <Button
          small
          icon={Plus}
          onClick={() =>
            set([...kpis, { name: '', market: '', bad: 'low', sigmas: '3', limit: '', windows: '2', minHistory: '14' }])
          }
        >
          Watch another
        </Button>
      </div>
    </fieldset>
  );
}
