import { useMutation } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import { type ReactElement, useId, useState } from 'react';
import type { ResourceRecord } from '../../../contracts/language-data.ts';
import type { TermEvidence, TranslatedSentence } from '../../../contracts/translation.ts';
import { links } from '../../app/links.ts';
import { useMay } from '../../app/session.ts';
import { percent } from '../../format/number.ts';
import { Button } from '../../ui/button.tsx';
import { DifferentText } from '../../ui/changed-text.tsx';
import { Go } from '../../ui/go.tsx';
import { Marked } from '../../ui/marked.tsx';
import { Failure } from '../../ui/states.tsx';
import { Mark } from '../../ui/status.tsx';
import { useResources } from '../language-data/queries.ts';
import { correct } from './correct.ts';
import type { Translated } from './queries.ts';
import { termPlaces } from './term-places.ts';
import styles from './translate.module.css';
import { originWords } from './words.ts';

export interface SentenceProps {
  readonly sentence: TranslatedSentence;
  readonly translated: Translated;
  /** Which memory corrections enter; undefined: that of corrections. */
  readonly memory: string | undefined;
}

/** A sentence beside what it has become, and why it became that. */
export function Sentence({ sentence, translated, memory }: SentenceProps): ReactElement {
  const [editing, setEditing] = useState(false);
  const [pointed, setPointed] = useState<number | null>(null);
  const mayCorrect = useMay('operator') && sentence.origin !== 'copied';
  const places = termPlaces(sentence);
  const rangesOf = (side: 'source' | 'target') =>
    places[side].map(({ start, end, term, index }) => ({
      ...{ start, end, active: pointed === index, title: termTitle(term) },
      tone: term.form === 'missed' ? ('late' as const) : ('ok' as const),
      onPoint: (over: boolean) => setPointed(over ? index : null),
    }));
  const { answer } = translated;
  return (
    <li className={styles.sentence}>
      <div className={styles.both}>
        <p lang={answer.source}>
          <Marked text={sentence.source} ranges={rangesOf('source')} />
        </p>
        {editing ? (
          <Correction {...{ sentence, translated, memory }} onDone={() => setEditing(false)} />
        ) : (
          <div className={styles.target}>
            <p lang={answer.target}>
              <Marked text={sentence.target} ranges={rangesOf('target')} />
            </p>
            {mayCorrect ? (
              <Button
                kind="quiet"
                small
                icon={Pencil}
                aria-label={`Correct: ${sentence.target}`}
                onClick={() => setEditing(true)}
              />
            ) : null}
          </div>
        )}
      </div>
      <ul className={styles.evidence}>
        <li>
          <Origin sentence={sentence} />
        </li>
        {sentence.terms.map((term, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a term may come twice, and they stay in their order
          <li key={index}>
            <Term term={term} />
          </li>
        ))}
        {sentence.warnings
          .filter(({ code }) => code !== 'term-missed')
          .map(({ code, message }) => (
            <li key={code + message}>
              <Mark tone="late" word={message} />
            </li>
          ))}
      </ul>
    </li>
  );
}

function Origin({ sentence }: { readonly sentence: TranslatedSentence }): ReactElement {
  const { match, origin } = sentence;
  const { data: memories } = useResources('memory');
  if (match === null) return <span>{originWords(sentence)}</span>;
  const memory = <Go href={`${links.memory(match.memory)}?entry=${match.entry}`}>{nameOf(match.memory, memories)}</Go>;
  if (origin === 'memory')
    return (
      <>
        <Mark tone="ok" word={originWords(sentence)} /> {memory}
        {match.kind === 'numbers' ? <span> (“{match.source}”)</span> : null}
      </>
    );
  return (
    <>
      {originWords(sentence)}, going by a sentence of {memory} that is {percent(Math.round(match.score * 100) / 100)}{' '}
      alike: “
      <DifferentText text={match.source} from={sentence.source} />”<span aria-hidden> → </span>
      <span className="hidden"> is translated as </span>“{match.target}”
    </>
  );
}

const nameOf = (id: string, known: readonly ResourceRecord[] = []): string =>
  known.find((resource) => resource.id === id)?.name ?? id;

const termTitle = ({ source, target, form }: TermEvidence): string =>
  form === 'missed' ? `${source}: expected “${target}”, which is not in the translation` : `${source} → ${target}`;

function Term({ term }: { readonly term: TermEvidence }): ReactElement {
  const { source, target, used, form, enforced, glossary } = term;
  const { data: glossaries } = useResources('glossary');
  const of =
    glossary === null ? null : (
      <Go href={`${links.glossary(glossary)}?q=${encodeURIComponent(source)}`}>{nameOf(glossary, glossaries)}</Go>
    );
  if (form === 'missed')
    return (
      <>
        <Mark tone="late" word={`Term missed: ${source}`} /> <span>should be “{target}”</span> {of}
      </>
    );
  return (
    <>
      <Mark tone="ok" word={`Term applied: ${source}`} /> <span>→ “{used}”</span>{' '}
      {form === 'exact' ? null : (
        <span>({form === 'inflected' ? `another form of “${target}”` : 'within a longer word'})</span>
      )}{' '}
      {enforced ? <span title="The model had left it out, and was made to use it.">(enforced)</span> : null} {of}
    </>
  );
}

function Correction({
  sentence,
  translated,
  memory,
  onDone,
}: SentenceProps & { readonly onDone: () => void }): ReactElement {
  const id = useId();
  const [text, setText] = useState(sentence.target);
  const save = useMutation({
    mutationFn: () => correct(translated, sentence, text.trim(), memory),
    onSuccess: onDone,
  });
  return (
    <form
      className={styles.correction}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <label htmlFor={id} className="hidden">
        Correction
      </label>
      <textarea
        id={id}
        lang={translated.answer.target}
        value={text}
        rows={Math.max(2, Math.ceil(text.length / 60))}
        // biome-ignore lint/a11y/noAutofocus: somebody has just asked for it
        autoFocus
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone();
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save.mutate();
        }}
      />
      <div className={styles.buttons}>
        <Button kind="primary" small type="submit" busy={save.isPending} disabled={text.trim() === ''}>
          Save the correction
        </Button>
        <Button small onClick={onDone}>
          Cancel
        </Button>
        <span className="muted">Enters the memory {memory ?? 'of corrections'}, and counts at once.</span>
      </div>
      {save.error ? <Failure error={save.error} /> : null}
    </form>
  );
}
