import { Plus, Trash2 } from 'lucide-react';
import type { ReactElement } from 'react';
import type { AlertSeverity, RuleAction } from '../../../../contracts/rules.ts';
import { Button } from '../../../ui/button.tsx';
import { Field, Select } from '../../../ui/field.tsx';
import type { Faults } from '../parts/faults.ts';
import styles from '../parts/form.module.css';
import { JsonField } from '../parts/json-field.tsx';
import { PipelineSelect } from '../parts/pipeline-select.tsx';

const severities = ['info', 'warning', 'critical'].map((value) => ({ value, label: value }));

export interface ActionFieldsProps {
  readonly title: string;
  /** Where the actions stand in the definition, as faults name it. */
  readonly path: string;
  readonly actions: readonly RuleAction[];
  readonly onChange: (actions: RuleAction[]) => void;
  readonly faults: Faults;
}

/** What a rule does: starts runs and raises alerts. */
export function ActionFields({ title, path, actions, onChange, faults }: ActionFieldsProps): ReactElement {
  const set = (at: number, action: RuleAction): void => onChange(actions.map((one, n) => (n === at ? action : one)));
  return (
    <fieldset className={styles.group}>
      <legend>{title}</legend>
      {actions.length === 0 ? <p className="muted">does nothing</p> : null}
      {actions.map((action, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: actions have no name
        <div key={n} className={styles.fields}>
          {'alert' in action ? (
            <div className={styles.line}>
              <Select
                label="Raises an alert"
                value={action.alert.severity}
                choices={severities}
                onChange={(severity) => set(n, { alert: { ...action.alert, severity: severity as AlertSeverity } })}
              />
              <Field
                label="that says"
                hint="what stands in {{ }} is CEL: {{ key }}, {{ missing[0] }}"
                fault={faults.of(`${path}.${n}`, true)}
              >
                <input
                  value={action.alert.message}
                  onChange={({ target }) => set(n, { alert: { ...action.alert, message: target.value } })}
                />
              </Field>
            </div>
          ) : (
            <div className={styles.line}>
              <PipelineSelect
                value={action.start.pipeline ?? ''}
                onChange={(pipeline) => set(n, { start: { ...action.start, pipeline } })}
                fault={faults.of(`${path}.${n}`, true)}
              />
              <JsonField
                label="with parameters"
                hint={'CEL of each value: { "market": "key" }'}
                rows={2}
                value={action.start.params ?? {}}
                onChange={(params) => set(n, { start: { ...action.start, params: params as Record<string, string> } })}
              />
            </div>
          )}
          <div>
            <Button small icon={Trash2} onClick={() => onChange(actions.filter((_, at) => at !== n))}>
              Remove this action
            </Button>
          </div>
        </div>
      ))}
      <div className={styles.buttons}>
        <Button small icon={Plus} onClick={() => onChange([...actions, { start: { pipeline: '', params: {} } }])}>
          Start a run
        </Button>
        <Button
          small
          icon={Plus}
          onClick={() => onChange([...actions, { alert: { severity: 'warning', message: '{{ key }}' } }])}
        >
          Raise an alert
        </Button>
      </div>
    </fieldset>
  );
}
