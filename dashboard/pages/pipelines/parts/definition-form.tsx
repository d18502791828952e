import type { ReactElement, ReactNode } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { GoButton } from '../../../ui/go-button.tsx';
import { Failure } from '../../../ui/states.tsx';
import type { Faults } from './faults.ts';
import styles from './form.module.css';
import { definitionKinds, listOf } from './kinds.ts';
import type { Save } from './use-save.ts';

export interface DefinitionFormProps {
  readonly save: Save;
  /** What is sent. */
  readonly sent: { readonly id: string };
  /** Cannot be sent yet. */
  readonly disabled?: boolean;
  /** What stands beside the fields: the definition in words, or what it would do. */
  readonly beside: { readonly label: string; readonly content: ReactNode };
  readonly children: ReactNode;
}

/** The form of a definition: its fields, what went wrong, and the buttons that save it or lead back. */
export function DefinitionForm({ save, sent, disabled, beside, children }: DefinitionFormProps): ReactElement {
  const { kind, id } = save;
  const { word, link } = definitionKinds[kind];
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.save(sent);
      }}
    >
      <div className={styles.fields}>
        {children}
        {save.error ? <Failure error={save.error} /> : null}
        <div className={styles.buttons}>
          <Button kind="primary" type="submit" busy={save.isPending} disabled={disabled}>
            {id === undefined ? `Make the ${word}` : `Save the ${word}`}
          </Button>
          <GoButton href={id === undefined ? listOf(kind) : link(id)}>Back</GoButton>
        </div>
      </div>
      <aside className={styles.beside} aria-label={beside.label}>
        {beside.content}
      </aside>
    </form>
  );
}

export interface NameFieldProps {
  readonly value: string;
  /** Absent: the name of what is there stays. */
  readonly onChange: ((name: string) => void) | undefined;
  readonly faults: Faults;
}

/** The name of a definition, which is its id. */
export function NameField({ value, onChange, faults }: NameFieldProps): ReactElement {
  return (
    <Field label="Name" hint="lower-case words joined by dashes" fault={faults.of('id')}>
      <input
        value={value}
        disabled={onChange === undefined}
        required
        pattern="[a-z][a-z0-9\-]{0,62}"
        onChange={({ target }) => onChange?.(target.value)}
      />
    </Field>
  );
}
