import { type ReactElement, useState } from 'react';
import type { ModelVersion } from '../../../contracts/models.ts';
import { useMay } from '../../app/session.ts';
import { patch } from '../../http/client.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Field } from '../../ui/field.tsx';
import { Section } from '../../ui/page.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAction } from '../../ui/use-action.ts';
import styles from './models.module.css';

/** Labels as lines `name: value`, and back. */
const linesOf = (labels: ModelVersion['labels']): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');

function labelsOf(lines: string, before: ModelVersion['labels']): Record<string, string | null> {
  const given = lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line): [string, string] => {
      const [name = '', ...value] = line.split(':');
      return [name.trim(), value.join(':').trim()];
    });
  const gone = Object.keys(before).filter((name) => !given.some(([one]) => one === name));
  return Object.fromEntries([...given, ...gone.map((name): [string, null] => [name, null])]);
}

/** What people say of a version: its description and labels, which can be changed. */
export function Description({ version }: { readonly version: ModelVersion }): ReactElement {
  const { model, version: number, description, labels, deleted } = version;
  const may = useMay('operator') && deleted === null;
  const [open, setOpen] = useState(false);
  const [text, setText] = useState(description);
  const [lines, setLines] = useState(linesOf(labels));
  const save = useAction(
    () =>
      patch(`/v1/models/${encodeURIComponent(model)}/versions/${number}`, {
        description: text,
        labels: labelsOf(lines, labels),
      }),
    { topics: ['models'], done: `The description of version ${number} is kept.` },
  );
  const begin = (): void => {
    setText(description);
    setLines(linesOf(labels));
    save.reset();
    setOpen(true);
  };
  return (
    <Section
      title="Description and labels"
      aside={
        <Button small onClick={begin} disabled={!may} title={may ? undefined : 'Needs the role operator'}>
          Change
        </Button>
      }
    >
      <p className={styles.text}>{description || <span className="muted">Nobody has described it yet.</span>}</p>
      <Facts facts={Object.entries(labels)} />
      <Dialog title={`Version ${number} of ${model}`} open={open} onClose={() => setOpen(false)}>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate(undefined, { onSuccess: () => setOpen(false) });
          }}
        >
          <Field label="Description">
            <textarea rows={4} value={text} onChange={(event) => setText(event.target.value)} />
          </Field>
          <Field label="Labels" hint="One a line: name: value.">
            <textarea rows={4} value={lines} onChange={(event) => setLines(event.target.value)} />
          </Field>
          {save.error ? <Failure error={save.error} /> : null}
          <Button kind="primary" type="submit" busy={save.isPending}>
            Keep
          </Button>
        </form>
      </Dialog>
    </Section>
  );
}
