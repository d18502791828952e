import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import type { RuleDefinition } from '../../../../contracts/rules.ts';
import { useAddress, useSetAddress } from '../../../app/address.ts';
import { links } from '../../../app/links.ts';
import { post, put } from '../../../http/client.ts';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { GoButton } from '../../../ui/go-button.tsx';
import { Failure } from '../../../ui/states.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { toast } from '../../../ui/toast.tsx';
import { EventDrawer } from '../parts/event-link.tsx';
import { faultsOf } from '../parts/faults.ts';
import styles from '../parts/form.module.css';
import { JsonField } from '../parts/json-field.tsx';
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
  const router = useRouter();
  const client = useQueryClient();
  const { as = 'fields' } = useAddress();
  const setAddress = useSetAddress();
  const [draft, setDraft] = useState(initial);
  const sent = toSend(draft);
  const save = useMutation({
    mutationFn: () => (id === undefined ? post('/v1/rules', sent) : put(`/v1/rules/${encodeURIComponent(id)}`, sent)),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['rules'] });
      toast(id === undefined ? `The rule ${draft.id} is made.` : `The rule ${draft.id} is changed.`);
      router.history.push(links.rule(draft.id));
    },
  });
  const faults = faultsOf(save.error);
  return (
    <>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <div className={styles.fields}>
          <div className={styles.line}>
            <Field label="Name" hint="lower-case words joined by dashes" fault={faults.of('id')}>
              <input
                value={draft.id}
                disabled={id !== undefined}
                required
                pattern="[a-z][a-z0-9\-]{0,62}"
                onChange={({ target }) => setDraft({ ...draft, id: target.value })}
              />
            </Field>
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
                    onChange={(value) =>
                      setDraft({ ...(value as RuleDefinition), id: id ?? (value as RuleDefinition).id })
                    }
                  />
                ),
              },
            ]}
          />
          {save.error ? <Failure error={save.error} /> : null}
          <div className={styles.buttons}>
            <Button kind="primary" type="submit" busy={save.isPending}>
              {id === undefined ? 'Make the rule' : 'Save the rule'}
            </Button>
            <GoButton href={id === undefined ? `${links.pipelines}?tab=rules` : links.rule(id)}>Back</GoButton>
          </div>
        </div>
        <aside className={styles.beside} aria-label="In words">
          <strong>In words</strong>
          <Words draft={sent} />
        </aside>
      </form>
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
