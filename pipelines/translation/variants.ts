import type { TranslatedText } from '../../contracts/translation.ts';
import type { Term } from '../../domain/nlp/terminology/index.ts';
import type { MemoryLookUp } from '../../domain/nlp/translator/index.ts';
import type { Scores } from './outputs.ts';
import type { CorpusModel } from './translate-corpus.ts';

/** A way to translate the texts that a run is judged on. */
export interface Variant {
  readonly name: string;
  readonly model: CorpusModel;
  readonly terms: readonly Term[];
  readonly memory: MemoryLookUp | null;
}

/**
 * From the least to all that a run has, each with one thing more than the one before: `general`, `adapted`, `adapted +
 * terms`, `adapted + terms + memory`. What a run does not have is left out, from the names too.
 */
export function variantsOf(
  general: CorpusModel,
  adapted: CorpusModel | null | undefined,
  terms: readonly Term[],
  memory: MemoryLookUp | null,
): Variant[] {
  const first: Variant = { name: 'general', model: general, terms: [], memory: null };
  const variants = adapted ? [first, { ...first, name: 'adapted', model: adapted }] : [first];
  const add = (label: string, more: Partial<Variant>) => {
    const last = variants.at(-1) ?? first;
    variants.push({ ...last, ...more, name: `${last.name} + ${label}` });
  };
  if (terms.length > 0) add('terms', { terms });
  if (memory) add('memory', { memory });
  return variants;
}

/** Of translations made with a memory: how many it answered, alone or but for numbers, and for how many it was shown. */
export function matchesOf(translated: readonly Pick<TranslatedText, 'matches'>[]): NonNullable<Scores['matches']> {
  const kinds = translated.flatMap(({ matches }) => matches.map(({ kind }) => kind));
  const fuzzy = kinds.filter((kind) => kind === 'fuzzy').length;
  return { exact: kinds.length - fuzzy, fuzzy };
}
