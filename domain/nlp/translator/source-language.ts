import { PerennialError } from '../../../contracts/errors.ts';
import { checkLanguage, languageFit } from '../formats/languages.ts';
import { detectLanguages } from './detect-language.ts';
import type { TranslationModels } from './translation-models.ts';

/** A text of a request, with its place there. */
export interface Item {
  readonly index: number;
  readonly text: string;
}

export interface RoutedItem extends Item {
  readonly source: string;
  readonly detected?: { readonly confidence: number };
}

interface RouteOptions {
  /** As the request has it. */
  readonly source: string | undefined;
  readonly target: string;
  readonly models: Pick<TranslationModels, 'pairs'>;
}

/**
 * The language of each text: the one given, or the likeliest of those that can be translated into the target.
 *
 * @throws VALIDATION_FAILED for a source that is no language or the target, NOT_FOUND when nothing is translated into it.
 */
export async function routeTexts(
  items: readonly Item[],
  { source: given, target, models }: RouteOptions,
): Promise<RoutedItem[]> {
  if (given !== undefined) {
    const source = checkLanguage('source', given);
    if (source === target) {
      throw new PerennialError('VALIDATION_FAILED', `source and target are both "${source}".`, {
        fields: [{ field: 'target', value: target, message: 'must be another language than source' }],
        remedy: 'Give two languages.',
      });
    }
    return items.map((item) => ({ ...item, source }));
  }
  const pairs = await models.pairs();
  const candidates = pairs.filter((pair) => languageFit(pair.target, target) > 0).map((pair) => pair.source);
  if (candidates.length === 0) {
    const targets = [...new Set(pairs.map((pair) => pair.target))].join(', ');
    throw new PerennialError('NOT_FOUND', `There is no model that translates into ${target}.`, {
      fields: [{ field: 'target', value: target, message: 'has no model' }],
      remedy: targets === '' ? 'Train one: `perennial train translation --help`.' : `Choose one of these: ${targets}.`,
    });
  }
  return Promise.all(
    items.map(async (item) => {
      const [best] = await detectLanguages(item.text, candidates);
      return {
        ...item,
        source: best?.language ?? (candidates[0] as string),
        detected: { confidence: best?.confidence ?? 0 },
      };
    }),
  );
}
