import { PerennialError } from '../../../contracts/errors.ts';
import type { Detection } from '../../../contracts/translation.ts';
import { checkLanguage, languageFit } from '../formats/languages.ts';
import type { Masked } from '../markup/index.ts';
import { detectLanguages } from './detect-language.ts';
import type { LanguagePair } from './model.ts';
import type { TranslationModels } from './translation-models.ts';

/** A text of a request. */
interface Item {
  /** Its place in the request, from 0. */
  readonly index: number;
  readonly text: string | Masked;
}

export interface TextItem extends Item {
  readonly text: string;
}

/** A text whose language is known. */
export interface Routed extends Item {
  readonly source: string;
  /** Absent when the language was given. */
  readonly detected?: { readonly confidence: number };
}

/** Finds languages of texts among those that have a model into the target. */
export interface Routing {
  /** The language of each text: the one given, or the likeliest. */
  route(items: readonly TextItem[], given: string | undefined, target: string): Promise<Routed[]>;
  /** The likeliest language of a text. */
  sourceOf(text: string, target: string): Promise<Detection>;
  /** Languages that can be translated into the target. NOT_FOUND when there is none. */
  candidates(target: string): Promise<string[]>;
}

export function createRouting(models: Pick<TranslationModels, 'pairs'>): Routing {
  const candidates: Routing['candidates'] = async (target) => {
    const pairs = await models.pairs();
    const found = pairs.filter((pair) => languageFit(pair.target, target) > 0).map((pair) => pair.source);
    if (found.length > 0) return found;
    const targets = [...new Set(pairs.map((pair) => pair.target))].join(', ');
    throw new PerennialError('NOT_FOUND', `There is no model that translates into ${target}.`, {
      fields: [{ field: 'target', value: target, message: 'has no model' }],
      remedy: targets === '' ? 'Train one: `perennial train translation --help`.' : `Choose one of these: ${targets}.`,
    });
  };
  const likeliest = async (text: string, among: readonly string[]): Promise<Detection> => {
    const [best] = await detectLanguages(text, among);
    return best ?? { language: among[0] as string, confidence: 0 };
  };
  return {
    candidates,
    sourceOf: async (text, target) => likeliest(text, await candidates(target)),
    async route(items, given, target) {
      if (given !== undefined) {
        const { source } = pairOf(given, target);
        return items.map((item) => ({ ...item, source }));
      }
      const among = await candidates(target);
      return Promise.all(
        items.map(async (item) => {
          const { language, confidence } = await likeliest(item.text, among);
          return { ...item, source: language, detected: { confidence } };
        }),
      );
    },
  };
}

/** Both languages, canonical. VALIDATION_FAILED for what is none, and for the same twice. */
export function pairOf(givenSource: string, givenTarget: string): LanguagePair {
  const source = checkLanguage('source', givenSource);
  const target = checkLanguage('target', givenTarget);
  if (source !== target) return { source, target };
  throw new PerennialError('VALIDATION_FAILED', `source and target are both "${source}".`, {
    fields: [{ field: 'target', value: target, message: 'must be another language than source' }],
    remedy: 'Give two languages.',
  });
}
