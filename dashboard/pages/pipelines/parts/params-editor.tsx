import { X } from 'lucide-react';
import { type ReactElement, type ReactNode, useState } from 'react';
import type { Json, JsonObject } from '../../../../contracts/json.ts';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { usePipeline } from '../queries.ts';
import { choicesOf, type Param, paramsOf, readParam, typeWords, writeParam } from '../words/params.ts';
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
export function ParamsEditor({
  pipeline,
  value,
  onChange,
  without = [],
  faults,
  hint,
}: ParamsEditorProps): ReactElement {
  const { data } = usePipeline(pipeline);
  const params = data ? paramsOf(data.params).filter(({ name }) => !without.includes(name)) : [];
  const shown = params.filter(({ name, needed }) => needed || value[name] !== undefined);
  const rest = params.filter((param) => !shown.includes(param));
  const set = (name: string, next: Json | undefined): void => {
    const { [name]: _, ...others } = value;
    onChange(next === undefined ? others : { ...others, [name]: next });
  };
  return (
    <fieldset className={styles.params}>
      <legend>Parameters</legend>
      {hint ? <p className="muted">{hint}</p> : null}
      {shown.map((param) => (
        <div key={param.name} className={styles.row}>
          <ParamField
            param={param}
            value={value[param.name]}
            onChange={(next) => set(param.name, next)}
            fault={faults.of(`params.${param.name}`, true)}
          />
          {param.needed ? null : (
            <Button
              kind="quiet"
              icon={X}
              aria-label={`Leave ${param.name} at its default`}
              onClick={() => set(param.name, undefined)}
            />
          )}
        </div>
      ))}
      {rest.length > 0 ? (
        <Field label="Change another parameter" bare>
          <select
            value=""
            onChange={({ target }) =>
              set(target.value, params.find(({ name }) => name === target.value)?.schema.default ?? '')
            }
          >
            <option value="">Change another parameter…</option>
            {rest.map(({ name, schema }) => (
              <option key={name} value={name}>
                {name} ({schema.default === undefined || schema.default === '' ? 'empty' : writeParam(schema.default)})
              </option>
            ))}
          </select>
        </Field>
      ) : null}
    </fieldset>
  );
}

interface ParamFieldProps {
  readonly param: Param;
  readonly value: Json | undefined;
  readonly onChange: (value: Json) => void;
  readonly fault: string | undefined;
}

function ParamField({ param: { name, schema }, value, onChange, fault }: ParamFieldProps): ReactElement {
  // What is typed need not be a value yet.
  const [text, setText] = useState(value === undefined ? '' : writeParam(value));
  const change = (next: string): void => {
    setText(next);
    onChange(readParam(schema, next));
  };
  const choices = choicesOf(schema)?.map(String);
  return (
    <Field label={name} hint={`${schema.description ?? ''} (${typeWords(schema)})`.trim()} fault={fault}>
      {choices?.includes(text) ? (
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
