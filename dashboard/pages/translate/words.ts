import type { TranslatedSentence } from '../../../contracts/translation.ts';
import { list, percent, plural } from '../../format/number.ts';
import type { Translated } from './queries.ts';

const languageNames = new Intl.DisplayNames(['en'], { type: 'language' });

/** `German` of `de`; the tag itself where it has no name. */
export function languageName(tag: string): string {
  try {
    return languageNames.of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** What a translation is made of: sentences out of memories, terms applied and missed. */
export function madeOf({ answer }: Pick<Translated, 'answer'>): string {
  const sentences = answer.sentences ?? [];
  const known = sentences.filter(({ origin }) => origin === 'memory').length;
  const helped = sentences.filter(({ origin, match }) => origin !== 'memory' && match !== null).length;
  const missed = answer.terms.filter(({ form }) => form === 'missed').length;
  const applied = answer.terms.length - missed;
  const parts = [
    ...(known > 0 ? [`${known} of ${plural(sentences.length, 'sentence')} came out of a memory`] : []),
    ...(helped > 0 ? [`${helped} had a similar one to go by`] : []),
    ...(applied > 0 ? [`${plural(applied, 'term')} ${applied === 1 ? 'was' : 'were'} applied`] : []),
    ...(missed > 0 ? [`${plural(missed, 'term')} ${missed === 1 ? 'was' : 'were'} missed`] : []),
  ];
  return parts.length === 0 ? '' : `${list(parts)}.`;
}

/** Where a sentence is from. */
export function originWords({ origin, match, confidence }: TranslatedSentence): string {
  if (origin === 'memory')
    return match?.kind === 'numbers' ? 'From a memory; the numbers are exchanged' : 'From a memory';
  if (origin === 'copied') return 'Nothing to translate';
  return `By the model, ${percent(Math.round(confidence * 100) / 100)} sure`;
}
