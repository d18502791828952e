import { defaultThreshold, type TranslationRequest } from '../../../contracts/translation.ts';
import type { TranslationSettings } from '../../../contracts/translation-settings.ts';
import type { TranslateTextsOptions } from './outcome.ts';

/** Least score of a similar sentence, where a request says nothing. */
export const thresholdOf = ({ memoryThreshold = defaultThreshold }: TranslationSettings): number => memoryThreshold;

/**
 * What a request asks for, and as the model is configured where it asks for nothing.
 *
 * @param threshold of the request.
 */
export function configured(
  { beam, enforceTerms }: Pick<TranslationRequest, 'beam' | 'enforceTerms'>,
  threshold: number | undefined,
  settings: TranslationSettings,
): Pick<TranslateTextsOptions, 'threshold' | 'beam' | 'enforceTerms'> {
  const wanted = { beam: beam ?? settings.beam, enforceTerms: enforceTerms ?? settings.enforceTerms };
  return {
    threshold: threshold ?? thresholdOf(settings),
    ...(wanted.beam === undefined ? {} : { beam: wanted.beam }),
    ...(wanted.enforceTerms === undefined ? {} : { enforceTerms: wanted.enforceTerms }),
  };
}
