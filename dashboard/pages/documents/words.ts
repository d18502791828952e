import type { DocumentEvidence, DocumentRecord } from '../../../contracts/documents.ts';
import { count, list, plural } from '../../format/number.ts';

/** How many documents there are, and how they stand. */
export function answerOf(documents: readonly DocumentRecord[], isAll: boolean): string {
  if (documents.length === 0) return 'No document yet: send one, and it comes back translated, laid out as it was.';
  const having = (...statuses: readonly string[]): number =>
    documents.filter(({ status }) => statuses.includes(status)).length;
  const parts = [
    [having('succeeded'), 'done'],
    [having('running', 'queued', 'paused'), 'under way'],
    [having('failed'), 'failed'],
    [having('cancelled'), 'cancelled'],
    [having('expired'), 'done, without files because of their age'],
  ] as const;
  const said = parts.filter(([n]) => n > 0).map(([n, words]) => `${count(n)} ${words}`);
  return `${isAll ? '' : 'Of the newest '}${plural(documents.length, 'document')}${isAll ? ': ' : ' '}${list(said)}.`;
}

/** Where the translation of a document is from. */
export function originsOf({ segments, kept }: DocumentEvidence): readonly (readonly [string, number])[] {
  const all = [
    ['From a memory, unchanged', segments.exact],
    ['By the model, with a similar sentence of a memory', segments.fuzzy],
    ['By the model alone', segments.model],
    ['From several of these', segments.mixed],
    ['Nothing to translate', segments.copied],
    ['Translated in the file already, and left so', kept],
  ] as const;
  return all.filter(([, n]) => n > 0);
}

const warnings: Readonly<Record<string, string>> = {
  'term-missed': 'A term is not translated as the glossary wants it',
  'term-forbidden': 'A word is used that must not be',
  'tags-repaired': 'Formats or variables were put back by other means',
  'tags-guessed': 'The places of formats had to be guessed',
  cut: 'No end was found: a text may be cut off',
  'memory-left-out': 'A memory was too large to be searched for similar sentences',
  'encoding-changed': 'The file is in another encoding than it was',
};

/** What a reader should look at, and how often. */
export const warningsOf = (evidence: DocumentEvidence): readonly (readonly [string, number])[] =>
  Object.entries(evidence.warnings).map(([code, n]) => [warnings[code] ?? code, n] as const);
