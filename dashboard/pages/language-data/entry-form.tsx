import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactElement, useState } from 'react';
import type { ResourceRecord } from '../../../contracts/language-data.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Failure } from '../../ui/states.tsx';
import { languageName } from '../translate/words.ts';
import { type Entry, type EntryFields, fieldsOf, type Kind } from './kinds.ts';
import styles from './language-data.module.css';

export interface EntryFormProps {
  readonly kind: Kind;
  readonly resource: ResourceRecord;
  /** Absent: a new one. */
  readonly entry?: Entry;
  /** The form stays, with the error, when it fails. */
  readonly onSave: (fields: EntryFields & { readonly reason?: string }) => Promise<void>;
  readonly onCancel: () => void;
}

/** All that can be said of an entry. */
export function EntryForm({ kind, resource, entry, onSave, onCancel }: EntryFormProps): ReactElement {
  const [fields, setFields] = useState<EntryFields>(() => fieldsOf(kind.kind, entry));
  const [alternatives, setAlternatives] = useState(() => (fields.alternatives ?? []).join('\n'));
  const [reason, setReason] = useState('');
  const text = (name: 'source' | 'target' | 'domain' | 'note' | 'context' | 'partOfSpeech') => ({
    value: fields[name] ?? '',
    onChange: (event: { readonly target: { readonly value: string } }) =>
      setFields({ ...fields, [name]: event.target.value }),
  });
  const tick = (name: 'caseSensitive' | 'forbidden') => ({
    type: 'checkbox',
    checked: fields[name] ?? false,
    onChange: (event: { readonly target: { readonly checked: boolean } }) =>
      setFields({ ...fields, [name]: event.target.checked }),
  });
  const save = useMutation({
    mutationFn: () => {
      const others = alternatives
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '');
      return onSave({
        ...fields,
        ...(kind.kind === 'glossary' ? { alternatives: others } : {}),
        ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
      });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  const isTerm = kind.kind === 'glossary';
  return (
    <form
      className={styles.form}
      aria-label={entry ? `Edit: ${entry.source}` : `New ${kind.entry}`}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel();
      }}
    >
      <div className={styles.pair}>
        <Field label={languageName(resource.source)}>
          <textarea
            required
            rows={2}
            lang={resource.source}
            // biome-ignore lint/a11y/noAutofocus: somebody has just asked for it
            autoFocus
            {...text('source')}
          />
        </Field>
        <Field label={languageName(resource.target)}>
          <textarea required rows={2} lang={resource.target} {...text('target')} />
        </Field>
      </div>
      <div className={styles.more}>
        {isTerm ? (
          <Field label="As good as that" hint="One a line">
            <textarea rows={1} value={alternatives} onChange={(event) => setAlternatives(event.target.value)} />
          </Field>
        ) : (
          <Field label="Context" hint="Tells two uses of the same text apart">
            <input {...text('context')} />
          </Field>
        )}
        {isTerm ? (
          <Field label="Part of speech">
            <input {...text('partOfSpeech')} />
          </Field>
        ) : null}
        <Field label="Subject">
          <input {...text('domain')} />
        </Field>
        <Field label="Note">
          <input {...text('note')} />
        </Field>
        <Field label="Why" hint="Stands in the history">
          <input maxLength={1000} value={reason} onChange={(event) => setReason(event.target.value)} />
        </Field>
      </div>
      {isTerm ? (
        <div className={styles.ticks}>
          <label>
            <input {...tick('forbidden')} /> Must not be used
          </label>
          <label>
            <input {...tick('caseSensitive')} /> Only with these capitals
          </label>
        </div>
      ) : null}
      {save.error ? <Failure error={save.error} /> : null}
      <div className={styles.buttons}>
        <Button kind="primary" type="submit" busy={save.isPending}>
          Save
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </form>
  );
}
