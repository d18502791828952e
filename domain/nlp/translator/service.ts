import { setTimeout as pause } from 'node:timers/promises';
import { PerennialError } from '../../../contracts/errors.ts';
import {
  type Detection,
  type LanguagePairRecord,
  type LanguageRecord,
  type TranslatedText,
  type TranslationAnswer,
  type TranslationRequest,
  type TranslationWarning,
  translationLimits,
} from '../../../contracts/translation.ts';
import type { Clock } from '../../ports/clock.ts';
import { OverloadError } from '../../serving/index.ts';
import { checkLanguage } from '../formats/languages.ts';
import type { Masked } from '../markup/index.ts';
import { detectLanguages } from './detect-language.ts';
import { type Glossaries, prepareTerms } from './glossaries.ts';
import type { Memories } from './memories.ts';
import { createRouting, pairOf, type Routed, type TextItem } from './routing.ts';
import type { TranslationModels } from './translation-models.ts';
import { translateTexts } from './translator.ts';

/** Translation as people and programs ask for it. */
export interface TranslationService {
  /**
   * All translations, in the order of the texts.
   *
   * @throws VALIDATION_FAILED naming the field, NOT_FOUND for a pair, version, memory or glossary that is not there,
   * RATE_LIMITED (OverloadError) when too much is waiting, CANCELLED.
   */
  translate(
    request: TranslationRequest,
    signal?: AbortSignal,
  ): Promise<{ readonly translations: TranslationAnswer[]; readonly milliseconds: number }>;
  /** Translations as they are done; only the first may be refused with RATE_LIMITED, later ones wait. */
  stream(request: TranslationRequest, signal?: AbortSignal): AsyncGenerator<TranslationAnswer>;
  /**
   * Translations of segments that are masked already, restored, in their order, whatever their size. Errors as `translate`.
   */
  segments(segments: readonly Masked[], request: SegmentsRequest, signal?: AbortSignal): Promise<TranslationAnswer[]>;
  /**
   * Refuses what `translate` would refuse about languages, model, memories and glossaries, without loading a model. With a
   * source that is to be detected, only what does not depend on it.
   */
  check(request: Omit<SegmentsRequest, 'source'> & { readonly source?: string }): Promise<void>;
  /** The likeliest language of a text of those that can be translated into `target`. NOT_FOUND when there is none. */
  sourceOf(text: string, target: string): Promise<Detection>;
  pairs(): Promise<readonly LanguagePairRecord[]>;
  languages(): Promise<LanguageRecord[]>;
  /** Languages a text may be in, the likeliest first. */
  detect(text: string): Promise<Detection[]>;
  /** Frees models and memories. */
  close(): Promise<void>;
}

/** A request for segments of one language. */
export type SegmentsRequest = Omit<TranslationRequest, 'text' | 'format' | 'alternatives' | 'source'> & {
  readonly source: string;
};

export interface TranslationServiceDeps {
  readonly models: TranslationModels;
  readonly memories: Memories;
  readonly glossaries: Glossaries;
  readonly clock: Clock;
}

/** Texts of a stream that are translated at a time. */
const streamed = 32;
const defaultThreshold = 0.7;

export function createTranslationService({
  models,
  memories,
  glossaries,
  clock,
}: TranslationServiceDeps): TranslationService {
  const routing = createRouting(models);
  return {
    async translate(request, signal) {
      const began = clock.now().getTime();
      const items = itemsOf(request);
      const translations = await translateItems(items, request, signal);
      return { translations, milliseconds: clock.now().getTime() - began };
    },

    async *stream(request, signal) {
      const items = itemsOf(request);
      for (let from = 0; from < items.length; from += streamed) {
        const chunk = items.slice(from, from + streamed);
        for (let done = false; !done; ) {
          try {
            yield* await translateItems(chunk, request, signal);
            done = true;
          } catch (error) {
            if (from === 0 || !(error instanceof OverloadError) || signal?.aborted) throw error;
            await pause(1000 * error.retryAfterSeconds, undefined, { signal }).catch(() => {});
          }
        }
      }
    },

    async segments(segments, request, signal) {
      const pair = pairOf(request.source, request.target);
      const group = segments.map((text, index) => ({ index, text, source: pair.source }));
      return translateGroup(group, pair.source, pair.target, request, signal);
    },

    async check({ source, target, model, glossaries: ids = [], memory }) {
      if (source === undefined) {
        await routing.candidates(checkLanguage('target', target));
        return;
      }
      const pair = pairOf(source, target);
      await models.find(pair, model);
      await glossaries.use(ids, pair);
      if (typeof memory === 'object') await memories.check(memory.ids ?? []);
    },

    sourceOf: (text, target) => routing.sourceOf(text, checkLanguage('target', target)),

    pairs: () => models.pairs(),

    async languages() {
      const targets = new Map<string, string[]>();
      for (const { source, target } of await models.pairs()) {
        targets.set(source, [...(targets.get(source) ?? []), target]);
        if (!targets.has(target)) targets.set(target, []);
      }
      const names = new Intl.DisplayNames(['en'], { type: 'language' });
      return [...targets]
        .map(([code, to]) => ({ code, name: names.of(code) ?? code, targets: to.sort() }))
        .sort((a, b) => (a.code < b.code ? -1 : 1));
    },

    detect: (text) => detectLanguages(text),

    async close() {
      await Promise.all([models.close(), memories.close()]);
    },
  };

  async function translateItems(
    items: readonly TextItem[],
    request: TranslationRequest,
    signal: AbortSignal | undefined,
  ): Promise<TranslationAnswer[]> {
    const target = checkLanguage('target', request.target);
    const routed = await routing.route(items, request.source, target);
    const groups = new Map<string, Routed[]>();
    for (const item of routed) groups.set(item.source, [...(groups.get(item.source) ?? []), item]);
    const answers: TranslationAnswer[] = [];
    // One after another: nobody should wait for a model while holding another.
    for (const [source, group] of groups)
      answers.push(...(await translateGroup(group, source, target, request, signal)));
    return answers.sort((a, b) => a.index - b.index);
  }

  async function translateGroup(
    group: readonly Routed[],
    source: string,
    target: string,
    request: Omit<TranslationRequest, 'text'>,
    signal: AbortSignal | undefined,
  ): Promise<TranslationAnswer[]> {
    const pair = { source, target };
    const { terms = [], enforceTerms, alternatives = 0, beam, splitSentences, format } = request;
    const prepared = [
      ...(terms.length > 0 ? [prepareTerms(terms, source)] : []),
      ...(await glossaries.use(request.glossaries ?? [], pair)),
    ];
    const { ids, threshold } = await memoryOf(request, pair);
    const memory = await memories.use(ids, threshold < 1, signal);
    try {
      const model = await models.acquire(pair, request.model, signal);
      try {
        const done = await translateTexts(
          model.served,
          group.map(({ text }) => text),
          {
            memory,
            threshold,
            glossaries: prepared.map(({ required }) => required),
            forbidden: prepared.flatMap(({ forbidden }) => forbidden ?? []),
            translations: alternatives + 1,
            ...(format === undefined ? {} : { format }),
            ...(enforceTerms === undefined ? {} : { enforceTerms }),
            ...(beam === undefined ? {} : { beam }),
            ...(splitSentences === undefined ? {} : { splitSentences }),
            ...(signal === undefined ? {} : { signal }),
          },
        );
        const { name, version } = model;
        return group.map(({ index, detected }, i) => {
          const translation = done[i] as TranslatedText;
          const computed = translation.origin === 'model' || translation.origin === 'mixed';
          return {
            ...translation,
            index,
            source,
            target,
            ...(detected === undefined ? {} : { detected }),
            model: computed ? { name, version } : null,
            warnings: [...translation.warnings, ...memory.leftOut.map(leftOut)],
          };
        });
      } finally {
        model.release();
      }
    } finally {
      memory.release();
    }
  }

  async function memoryOf(
    { memory = true }: Pick<TranslationRequest, 'memory'>,
    pair: { source: string; target: string },
  ): Promise<{ ids: readonly string[]; threshold: number }> {
    if (memory === false) return { ids: [], threshold: 1 };
    const { ids, threshold = defaultThreshold } = memory === true ? {} : memory;
    return { ids: ids ?? (await memories.ofPair(pair)), threshold };
  }
}

function itemsOf({ text }: TranslationRequest): TextItem[] {
  const texts = typeof text === 'string' ? [text] : text;
  const characters = texts.reduce((sum, one) => sum + one.length, 0);
  if (characters > translationLimits.characters) {
    throw new PerennialError(
      'VALIDATION_FAILED',
      `text has ${characters} characters, more than ${translationLimits.characters}.`,
      {
        fields: [
          { field: 'text', value: characters, message: `must have at most ${translationLimits.characters} characters` },
        ],
        remedy: 'Send it in several requests.',
      },
    );
  }
  return texts.map((one, index) => ({ index, text: one }));
}

function leftOut(id: string): TranslationWarning {
  return {
    code: 'memory-left-out',
    message: `The memory "${id}" is too large to be searched for similar sentences; its exact matches count.`,
  };
}
