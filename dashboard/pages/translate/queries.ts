import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { ModelVersion } from '../../../contracts/models.ts';
import type {
  Detection,
  LanguagePairRecord,
  LanguageRecord,
  TranslationAnswer,
} from '../../../contracts/translation.ts';
import { exchange, get, request } from '../../http/client.ts';
import { isLanguage, requestOf, type Wanted } from './choices.ts';

/** Header of an answer by which a correction names it. */
const requestHeader = 'perennial-request';

export interface Languages {
  readonly languages: readonly LanguageRecord[];
  readonly pairs: readonly LanguagePairRecord[];
}

/** Languages, and pairs that a model serves. */
export function useLanguages(): UseQueryResult<Languages> {
  return useQuery({
    queryKey: ['models', 'languages'],
    queryFn: ({ signal }) => get<Languages>('/v1/languages', undefined, signal),
  });
}

/** Versions of a model that can translate, newest first. */
export function useVersions(model: string | undefined): UseQueryResult<readonly ModelVersion[]> {
  return useQuery({
    queryKey: ['models', 'versions', model],
    enabled: model !== undefined,
    queryFn: async ({ signal }) => {
      const { models } = await get<{ models: readonly ModelVersion[] }>('/v1/models', { model }, signal);
      return models.toSorted((a, b) => b.version - a.version);
    },
  });
}

/**
 * Which of some languages a text is in; null: none of them, as far as it tells.
 *
 * @param among empty: nothing is asked.
 */
export function useDetected(text: string, among: readonly string[]): UseQueryResult<string | null> {
  return useQuery({
    queryKey: ['detection', among, text],
    enabled: among.length > 0 && text.trim() !== '',
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    queryFn: async ({ signal }) => {
      const { detections } = await request<{ detections: readonly (readonly Detection[])[] }>('POST', '/v1/detect', {
        body: { text },
        signal,
      });
      for (const { language } of detections[0] ?? []) {
        const found = among.find((one) => isLanguage(language, one) || one.startsWith(`${language}-`));
        if (found !== undefined) return found;
      }
      return null;
    },
  });
}

export interface Translated {
  readonly answer: TranslationAnswer;
  /** What it took, as the API measured it. */
  readonly milliseconds: number;
  /** By which a correction names it. */
  readonly requestId: string;
  readonly text: string;
}

/**
 * A translation. While another text is translated, the one before stays; a request that nobody waits for any more is
 * given up, and the server with it.
 *
 * @param wanted null: nothing is asked for.
 */
export function useTranslation(text: string, wanted: Wanted | null): UseQueryResult<Translated> {
  const body = wanted && requestOf(text, wanted);
  return useQuery({
    queryKey: ['memories', 'translation', body],
    enabled: body !== null && text.trim() !== '',
    staleTime: 5_000,
    gcTime: 60_000,
    refetchOnWindowFocus: false,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Translated> => {
      const { data, headers } = await exchange<{ translations: TranslationAnswer[]; milliseconds: number }>(
        'POST',
        '/v1/translate',
        { body, signal },
      );
      return {
        answer: data.translations[0] as TranslationAnswer,
        milliseconds: data.milliseconds,
        requestId: headers.get(requestHeader) ?? '',
        text,
      };
    },
  });
}
