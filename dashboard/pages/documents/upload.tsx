import { type ReactElement, useState } from 'react';
import type { DocumentRecord } from '../../../contracts/documents.ts';
import { list, plural } from '../../format/number.ts';
import { request } from '../../http/client.ts';
import { queryClient } from '../../http/query-client.ts';
import { ChooseMany } from '../../ui/choose-many.tsx';
import { Select } from '../../ui/field.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Section } from '../../ui/page.tsx';
import { Empty, Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { useResources } from '../language-data/queries.ts';
import { ofPair, pairOf } from '../translate/choices.ts';
import type { Languages } from '../translate/queries.ts';
import { languageName } from '../translate/words.ts';
import styles from './documents.module.css';

/** Sends files to be translated. */
export function Upload({ pairs }: Languages): ReactElement {
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [left, setLeft] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const glossaries = useResources('glossary').data ?? [];
  const pair = pairOf(pairs, { from: from || null, to: to || null });
  if (!pair)
    return (
      <Empty
        title="No language pair can be translated yet"
        command="perennial train translation --pair en-de --general corpus --memory shop.tmx"
      />
    );
  const fitting = ofPair(glossaries, pair);
  const chosen = fitting.map(({ id }) => id).filter((id) => !left.includes(id));
  const sources = [...new Set(pairs.map(({ source }) => source))].sort();
  const targets = [
    ...new Set(pairs.filter(({ source }) => !from || source === from).map(({ target }) => target)),
  ].sort();
  const send = async (files: readonly File[]): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      for (const file of files)
        await request<DocumentRecord>('POST', '/v1/documents', {
          query: { name: file.name, source: from, target: pair.target, glossaries: chosen.slice(0, 20).join(',') },
          body: file,
        });
      toast(`${plural(files.length, 'document')} sent: the list tells how far the translation is.`);
    } catch (cause) {
      setError(cause instanceof Error ? cause : new Error(String(cause)));
    } finally {
      setBusy(false);
      await queryClient.invalidateQueries({ queryKey: ['documents'] });
    }
  };
  return (
    <Section title="Translate documents">
      <div className={styles.options}>
        <Select
          bare
          label="From"
          value={from}
          choices={[{ value: '', label: 'Detect the language' }, ...sources.map(choiceOf('from'))]}
          onChange={setFrom}
        />
        <Select bare label="Into" value={pair.target} choices={targets.map(choiceOf('into'))} onChange={setTo} />
        <ChooseMany
          label="Glossaries"
          summary={
            chosen.length === 0 ? 'none' : list(fitting.filter(({ id }) => chosen.includes(id)).map(({ name }) => name))
          }
          choices={fitting.map(({ id, name }) => ({ value: id, label: name }))}
          values={chosen}
          onChange={(ids) => setLeft(fitting.map(({ id }) => id).filter((id) => !ids.includes(id)))}
        />
      </div>
      <FileDrop
        label="Choose files"
        hint="Word, HTML, text, PO or XLIFF, up to 50 MiB"
        accept=".docx,.docm,.dotx,.html,.htm,.xhtml,.txt,.po,.pot,.xlf,.xliff"
        busy={busy}
        multiple
        onFiles={(files) => void send(files)}
      />
      {error ? <Failure error={error} /> : null}
    </Section>
  );
}

const choiceOf = (word: string) => (tag: string) => ({ value: tag, label: `${word} ${languageName(tag)}` });
