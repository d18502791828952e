import { BookA, Database, FileText } from 'lucide-react';
import { type ReactElement, useEffect, useState } from 'react';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { useDebounced } from '../../app/debounced.ts';
import { links } from '../../app/links.ts';
import { count } from '../../format/number.ts';
import { DifferentText } from '../../ui/changed-text.tsx';
import { GoButton } from '../../ui/go-button.tsx';
import { Loaded, Page, Section } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { useResources } from '../language-data/queries.ts';
import { chosenOf, ofPair, pairOf, sourcesOf, type Wanted } from './choices.ts';
import { Output } from './output.tsx';
import { type Languages, useDetected, useLanguages, useTranslation, useVersions } from './queries.ts';
import { Sentence } from './sentence.tsx';
import { LanguageBar, OptionsBar } from './toolbar.tsx';
import styles from './translate.module.css';
import { languageName, madeOf } from './words.ts';

/** A text is translated once nobody has typed for so long. */
const restMs = 400;
/** Longest text of the page: a request may have more, a person may not wait for it. */
const mostCharacters = 20_000;
/** Stays while other pages are looked at. */
let draft = '';

export default function Translate(): ReactElement {
  const languages = useLanguages();
  return (
    <Page
      title="Translate"
      answer={languages.data ? pairsText(languages.data) : undefined}
      actions={
        <>
          <GoButton href={links.glossaries} icon={BookA}>
            Glossaries
          </GoButton>
          <GoButton href={links.memories} icon={Database}>
            Memories
          </GoButton>
          <GoButton href={links.documents} icon={FileText}>
            Documents
          </GoButton>
        </>
      }
    >
      <Loaded query={languages}>
        {(known) =>
          known.pairs.length === 0 ? (
            <Empty
              title="No language pair can be translated yet"
              command="perennial train translation --pair en-de --general corpus --memory shop.tmx"
            >
              A pair can be translated as soon as a model of it was trained. The command trains one from general text
              and your own translations.
            </Empty>
          ) : (
            <Desk {...known} />
          )
        }
      </Loaded>
    </Page>
  );
}

const pairsText = ({ pairs }: Languages): string =>
  pairs.length === 0
    ? 'Nothing can be translated yet.'
    : `${pairs.map(({ source, target }) => `${languageName(source)} to ${languageName(target)}`).join(', ')}: type or paste a text, and see where each translation comes from.`;

/** Where a text is translated. */
function Desk({ languages, pairs }: Languages): ReactElement {
  const address = useAddress();
  const set = useSetAddress();
  const [text, setText] = useState(draft);
  useEffect(() => {
    draft = text;
  }, [text]);
  const settled = useDebounced(text, restMs);
  const from = pairs.some(({ source }) => source === address['from']) ? (address['from'] as string) : null;
  const asked = pairOf(pairs, { from, to: address['to'] ?? null });
  const among = asked !== null && asked.source === null ? sourcesOf(pairs, asked.target) : [];
  const detected = useDetected(settled, among);
  const pair = asked && { ...asked, source: asked.source ?? detected.data ?? null };
  const [allGlossaries, allMemories] = [useResources('glossary').data, useResources('memory').data];
  const glossaries = pair ? ofPair(allGlossaries ?? [], pair) : [];
  const memories = pair ? ofPair(allMemories ?? [], pair) : [];
  const chosen = {
    glossaries: chosenOf(address['glossaries'], glossaries),
    memories: chosenOf(address['memories'], memories),
  };
  // One that was chosen alone is meant; else corrections have a memory of their own.
  const own = address['memories'] === undefined || chosen.memories.length !== 1 ? undefined : chosen.memories[0];
  const isReady = allGlossaries !== undefined && allMemories !== undefined && !(among.length > 0 && detected.isLoading);
  const wanted = (model: string | null): Wanted | null => (isReady && pair ? { pair, ...chosen, model } : null);
  const version = address['version'] ?? null;
  const beside = address['beside'] ?? null;
  const first = useTranslation(settled, wanted(version));
  const second = useTranslation(settled, beside === null ? null : wanted(beside));
  const translated = settled.trim() === '' ? undefined : first.data;
  const model = pairs.find((one) => one.source === (pair?.source ?? one.source) && one.target === pair?.target)?.model;
  const versions = useVersions(model).data ?? [];
  const other = beside === null || settled.trim() === '' ? undefined : second.data;
  const mayTurn = pair?.source != null && pairs.some((one) => one.source === pair.target && one.target === pair.source);
  const swap = (): void => {
    set({ from: pair?.target ?? null, to: pair?.source ?? null, version: null, beside: null });
    setText(translated?.answer.text ?? text);
  };
  const isPending = (query: typeof first): boolean => query.isFetching || text !== settled;
  return (
    <>
      <div className={styles.desk} data-beside={beside !== null || undefined}>
        <div className={styles.bars}>
          <LanguageBar
            {...{ languages, pairs, from }}
            to={pair?.target ?? ''}
            detected={from === null && text !== '' ? translated?.answer.source : undefined}
            onSwap={mayTurn ? swap : undefined}
          />
          <OptionsBar
            {...{ glossaries, memories, chosen, versions }}
            isKnown={allGlossaries !== undefined && allMemories !== undefined}
          />
        </div>
        <div className={styles.pane}>
          <textarea
            className={styles.text}
            aria-label="Text to translate"
            placeholder="Type or paste a text."
            lang={pair?.source ?? undefined}
            maxLength={mostCharacters}
            value={text}
            // biome-ignore lint/a11y/noAutofocus: the one thing to do here
            autoFocus
            onChange={(event) => setText(event.target.value)}
          />
          <div className={styles.foot}>
            <span className="muted">
              {count(text.length)} of {count(mostCharacters)} characters
            </span>
          </div>
        </div>
        <Output
          label={
            beside === null
              ? 'Translation'
              : `Translation, ${version === null ? 'as served now' : `version ${version}`}`
          }
          translated={translated}
          error={first.error}
          pending={settled.trim() !== '' && isPending(first)}
          retry={() => void first.refetch()}
        >
          {other && translated ? <DifferentText text={translated.answer.text} from={other.answer.text} /> : undefined}
        </Output>
        {beside === null ? null : (
          <Output
            label={`Translation, version ${beside}`}
            translated={other}
            error={second.error}
            pending={settled.trim() !== '' && isPending(second)}
            retry={() => void second.refetch()}
          >
            {other && translated ? <DifferentText text={other.answer.text} from={translated.answer.text} /> : undefined}
          </Output>
        )}
      </div>
      {translated && !first.error && (translated.answer.sentences?.length ?? 0) > 0 ? (
        <Section title="Sentence by sentence" aside={<span role="status">{madeOf(translated)}</span>}>
          <ol className={styles.sentences}>
            {translated.answer.sentences?.map((sentence, n) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a sentence may come twice, and they stay in their order
              <Sentence key={`${n} ${sentence.source}`} memory={own} {...{ sentence, translated }} />
            ))}
          </ol>
        </Section>
      ) : null}
    </>
  );
}
