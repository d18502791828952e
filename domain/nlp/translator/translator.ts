import type { TranslatedText } from '../../../contracts/translation.ts';
import { runGraph } from '../../serving/graph/index.ts';
import type { Masked } from '../markup/index.ts';
import type { TranslateTextsOptions } from './outcome.ts';
import type { ServedModel } from './served-model.ts';
import { translationGraph } from './translation-graph.ts';

/**
 * Translates texts by one model, through the inference graph of translation ({@link translationGraph}).
 *
 * @param texts texts, or segments that are masked already, whose translations come back restored.
 * @throws CANCELLED, RATE_LIMITED (OverloadError) when the wait for the model would be too long, SOURCE_INVALID for HTML that is nested
 * too deep.
 */
export function translateTexts(
  model: ServedModel,
  texts: readonly (string | Masked)[],
  options: TranslateTextsOptions = {},
): Promise<TranslatedText[]> {
  return runGraph(translationGraph, texts, { model, options }, options.onNode);
}
