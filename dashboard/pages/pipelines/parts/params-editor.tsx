import { X } from 'lucide-react';
import { type ReactElement, type ReactNode, useState } from 'react';
import type { Json, JsonObject } from '../../../../contracts/json.ts';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { fieldsOf, type SchemaField } from '../../../ui/schema-fields.ts';
import { usePipeline } from '../../runs/queries.ts';
import { kindWords, readParam, writeParam } from '../words/params.ts';
import type { Faults } from './faults.ts';
import styles from './params-editor.module.css';

export interface ParamsEditorProps {
  readonly pipeline: string;
  readonly value: JsonObject;
  readonly onChange: (value: JsonObject) => void;
  /** Parameters that something else gives. */
  readonly without?: readonly string[];
  readonly faults: Faults;
  /** What may be written, under the heading. */
  readonly hint?: ReactNode;
}

/** The parameters of runs that differ from their defaults; those the pipeline needs are there from the start. */
export function ParamsEditor(props: ParamsEditorProps): ReactElement {
  const { pipeline, value, onChange, without = [], faults, hint } = props;
  const { data } = usePipeline(pipeline);
  const fields = data ? fieldsOf(data.params).filter(({ name }) => !without.includes(name)) : [];
  const shown = fields.filter(({ name, required }) => required || value[name] !== undefined);
  const rest = fields.filter((field) => !shown.includes(field));
  const set = (name: string, next: Json | undefined): void => {
    const { [name]: _, ...others } = value;
    onChange(next === undefined ? others : { ...others, [name]: next });
  };
  return (
    <fieldset className={styles.params}>
      <legend>Parameters</legend>
      {hint ? <p className="muted">{hint}</p> : null}
      {shown.map((field) => (
        <div key={field.name} className={styles.row}>
          <ParamField
            field={field}
            value={value[field.name]}
            onChange={(next) => set(field.name, next)}
            fault={faults.of(`params.${field.name}`, true)}
          />
          {field.required ? null : (
            <Button
              kind="quiet"
              icon={X}
              aria-label={`Leave ${field.name} at its default`}
              onClick={() => set(field.name, undefined)}
            />
          )}
        </div>
      ))}
      {rest.length > 0 ? (
        <Field label="Change another parameter" bare>
          <select
            value=""
            onChange={({ target }) => set(target.value, rest.find(({ name }) => name === target.value)?.default ?? '')}
          >
            <option value="">Change another parameter…</option>
            {rest.map((field) => (
              <option key={field.name} value={field.name}>
                {field.name} ({writeParam(field, field.default) || 'empty'})
              </option>
            ))}
          </select>
        </Field>
      ) : null}
    </fieldset>
  );
}

interface ParamFieldProps {
  readonly field: SchemaField;
  readonly value: Json | undefined;
  readonly onChange: (value: Json) => void;
  readonly fault: string | undefined;
}

function ParamField({ field, value, onChange, fault }: ParamFieldProps): ReactElement {
  // What is typed need not be a value yet.
  const [text, setText] = useState(writeParam(field, value));
  const change = (next: string): void => {
    setText(next);
    onChange(readParam(field, next));
  };
  const choices = field.kind === 'boolean' ? ['true', 'false'] : field.choices.map(String);
  return (
    <Field label={field.name} hint={`${field.description ?? ''} (${kindWords(field)})`.trim()} fault={fault}>
      {choices.includes(text) ? (
        <select value={text} onChange={({ target }) => change(target.value)}>
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice === '' ? '(empty)' : choice}
            </option>
          ))}
        </select>
      ) : (
        <input value={text} onChange={({ target }) => change(target.value)} spellCheck={false} />
      )}
    </Field>
  );
}
