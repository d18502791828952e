import { type ReactElement, type ReactNode, useMemo, useState } from 'react';
import type { JsonObject } from '../../../contracts/json.ts';
import type { PipelineDetail } from '../../../contracts/pipelines.ts';
import { ApiError } from '../../http/client.ts';
import { Button } from '../../ui/button.tsx';
import { fieldsOf, readTyped, type Typed, typedFrom } from '../../ui/schema-fields.ts';
import { SchemaForm } from '../../ui/schema-form.tsx';
import { Failure } from '../../ui/states.tsx';
import styles from './run-form.module.css';

export interface RunFormProps {
  readonly pipeline: PipelineDetail;
  /** Parameters of an earlier run, from which the form begins; absent: the defaults. */
  readonly params?: JsonObject;
  /** More controls, under the parameters. */
  readonly children?: ReactNode;
  readonly action: string;
  /** Given what differs from where the form began. */
  readonly onSubmit: (params: JsonObject) => Promise<unknown>;
}

/** The parameters of a pipeline as a form; faults that the API finds stand at their fields. */
export function RunForm({ pipeline, params, children, action, onSubmit }: RunFormProps): ReactElement {
  const fields = useMemo(
    () => fieldsOf(pipeline.params).map((field) => ({ ...field, default: params?.[field.name] ?? field.default })),
    [pipeline, params],
  );
  const [typed, setTyped] = useState<Typed>(() => typedFrom(fields));
  const [faults, setFaults] = useState<Typed>({});
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (): Promise<void> => {
    const read = readTyped(fields, typed);
    setFaults(read.faults);
    setError(null);
    if (Object.keys(read.faults).length > 0) return;
    setBusy(true);
    try {
      await onSubmit(read.values);
    } catch (cause) {
      const found = faultsOf(cause, new Set(fields.map(({ name }) => name)));
      setFaults(found);
      if (Object.keys(found).length === 0) setError(cause instanceof Error ? cause : new Error(String(cause)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <SchemaForm fields={fields} typed={typed} faults={faults} onChange={setTyped} />
      {fields.length === 0 ? <p className="muted">This pipeline has no parameters.</p> : null}
      {children}
      {error ? <Failure error={error} /> : null}
      {Object.keys(faults).length > 0 ? (
        <p role="alert" className={styles.faults}>
          Not started:{' '}
          {Object.entries(faults)
            .map(([name, fault]) => `${name} ${fault}`)
            .join('; ')}
          .
        </p>
      ) : null}
      <div className={styles.buttons}>
        <Button kind="primary" type="submit" busy={busy}>
          {action}
        </Button>
      </div>
    </form>
  );
}

/** Faults of a problem by the fields of the form; empty when one of them is of no field. */
function faultsOf(error: unknown, names: ReadonlySet<string>): Typed {
  if (!(error instanceof ApiError)) return {};
  const entries = error.fields.map(({ field, message }) => {
    const path = field.replace(/^body\./, '').replace(/^params\./, '');
    const [name = '', ...rest] = path.split('.');
    return [name, `${rest.length > 0 ? `${rest.join('.')} ` : ''}${message}`] as const;
  });
  return entries.every(([name]) => names.has(name)) ? Object.fromEntries(entries) : {};
}
