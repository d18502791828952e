import { type ReactElement, useState } from 'react';
import type { RuleDefinition } from '../../../../contracts/rules.ts';
import { useAddress, useSetAddress } from '../../../app/address.ts';
import { Field } from '../../../ui/field.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { DefinitionForm, NameField } from '../parts/definition-form.tsx';
import { EventDrawer } from '../parts/event-link.tsx';
import { faultsOf } from '../parts/faults.ts';
import styles from '../parts/form.module.css';
import { JsonField } from '../parts/json-field.tsx';
import { useSave } from '../parts/use-save.ts';
import { toSend } from './draft.ts';
import { InWords } from './in-words.tsx';
import { RuleFields } from './rule-fields.tsx';
import { Trial } from './trial.tsx';

export interface RuleFormProps {
  readonly initial: RuleDefinition;
  /** Absent: a new one is made. */
  readonly id?: string;
}

/** Makes or changes a rule, by fields for common shapes or as JSON; beside it stands what it says, and it can be tried. */
export function RuleForm({ initial, id }: RuleFormProps): ReactElement {
  const { as = 'fields' } = useAddress();
  const setAddress = useSetAddress();
  const [draft, setDraft] = useState(initial);
  const sent = toSend(draft);
  const save = useSave('rules', id);
  const faults = faultsOf(save.error);
  return (
    <>
      <DefinitionForm
        save={save}
        sent={sent}
        beside={{
          label: 'In words',
          content: (
            <>
              <strong>In words</strong>
              <Words draft={sent} />
            </>
          ),
        }}
      >
        <div className={styles.line}>
          <NameField
            value={draft.id ?? ''}
            onChange={id === undefined ? (name) => setDraft({ ...draft, id: name }) : undefined}
            faults={faults}
          />
          <Field label="Title" hint="one line for people" fault={faults.of('title')}>
            <input value={draft.title ?? ''} onChange={({ target }) => setDraft({ ...draft, title: target.value })} />
          </Field>
        </div>
        <Tabs
          label="How to write it"
          value={as}
          onChange={(next) => setAddress({ as: next }, true)}
          tabs={[
            {
              id: 'fields',
              title: 'Fields',
              content: () => <RuleFields draft={draft} onChange={setDraft} faults={faults} />,
            },
            {
              id: 'json',
              title: 'JSON',
              content: () => (
                <JsonField
                  label="Definition"
                  value={sent}
                  rows={24}
                  onChange={(value) => {
                    const read = { ...(value as RuleDefinition) };
                    setDraft({ ...read, id: id ?? read.id });
                  }}
                />
              ),
            },
          ]}
        />
      </DefinitionForm>
      <Trial rule={sent} />
      <EventDrawer />
    </>
  );
}

/** A draft as JSON may lack anything. */
function Words({ draft }: { readonly draft: Partial<RuleDefinition> }): ReactElement {
  const { mode, patterns, actions } = draft;
  if (!mode || !Array.isArray(patterns) || !actions) return <p className="muted">Needs mode, patterns and actions.</p>;
  return <InWords definition={draft as RuleDefinition} />;
}
