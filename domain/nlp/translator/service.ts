import { PerennialError } from '../../../contracts/errors.ts';
import type { Comparison } from '../../../contracts/rollouts.ts';
import type { NodeTiming } from '../../../contracts/serving.ts';
import {
  type TranslatedText,
  type TranslationAnswer,
  type TranslationRequest,
  type TranslationWarning,
  translationLimits,
} from '../../../contracts/translation.ts';
import type { Clock } from '../../ports/clock.ts';
import { type BackgroundWriter, ConcurrencyLimit, runInTrial, type ServingObserver } from '../../serving/index.ts';
import { checkLanguage } from '../formats/languages.ts';
import { detectLanguages } from './detect-language.ts';
import { type Glossaries, prepareTerms } from './glossaries.ts';
import type { Memories } from './memories.ts';
import type { LanguagePair } from './model.ts';
import type { ModelInUse } from './model-in-use.ts';
import { observed } from './observed.ts';
import type { PredictionRecorder } from './prediction-recorder.ts';
import { configured, thresholdOf } from './request-settings.ts';
import { createRouting, pairOf, type Routed, type TextItem } from './routing.ts';
import type { TranslationCall, TranslationService } from './service-types.ts';
import type { TranslationModels } from './translation-models.ts';
import { translationTrial } from './translation-trial.ts';
import { translateTexts } from './translator.ts';

export interface TranslationServiceDeps {
  readonly models: TranslationModels;
  readonly memories: Memories;
  readonly glossaries: Glossaries;
  readonly clock: Clock;
  /** Keeps what rollouts compare. Absent: nothing is kept. */
  readonly comparisons?: Pick<BackgroundWriter<Comparison>, 'add'>;
  /** Keeps what is answered. Absent: nothing is kept. */
  readonly predictions?: Pick<PredictionRecorder, 'add'>;
  /** Longest wait for a place among those that are prepared, milliseconds; default 1,000. */
  readonly maxWaitMs?: number;
  /** Hears what is served. */
  readonly observer?: ServingObserver;
}

/**
 * Requests prepared at a time: enough for others to go on while some wait for PostgreSQL or Redis; few enough for a turn
 * of the event loop to stay short, as health checks wait for it, and Node accepts one connection a turn.
 */
const preparedAtATime = 4;
/** Milliseconds after which models or memories that a request waits for are taken to be loaded only now. */
const loadingMs = 500;
/** Texts of a stream that are translated at a time. */
const streamed = 32;

interface InnerCall extends TranslationCall {
  readonly admitted?: boolean;
  /** Hears how long each node took for the texts of a language. */
  readonly onNode?: (source: string, timing: NodeTiming) => void;
}

export function createTranslationService({
  models,
  memories,
  glossaries,
  clock,
  comparisons,
  predictions,
  maxWaitMs = 1000,
  observer,
}: TranslationServiceDeps): TranslationService {
  const routing = createRouting(models);
  const preparation = new ConcurrencyLimit({ most: preparedAtATime, maxWaitMs });
  return {
    enter: (signal) => preparation.enter(signal),

    async translate(request, call = {}) {
      const began = clock.now().getTime();
      const items = itemsOf(request);
      const timings = new Map<string, NodeTiming[]>();
      const onNode = (source: string, timing: NodeTiming): void =>
        void timings.set(source, [...(timings.get(source) ?? []), timing]);
      const translations = await translateItems(items, request, { ...call, ...(request.timings && { onNode }) });
      return {
        translations,
        milliseconds: clock.now().getTime() - began,
        ...(request.timings && { timings: [...timings].map(([source, nodes]) => ({ source, nodes })) }),
      };
    },

    async *stream(request, call = {}) {
      const items = itemsOf(request);
      for (let from = 0; from < items.length; from += streamed)
        yield* await translateItems(items.slice(from, from + streamed), request, { ...call, admitted: from > 0 });
    },

    async segments(segments, request, signal) {
      const pair = pairOf(request.source, request.target);
      const group = segments.map((text, index) => ({ index, text, source: pair.source }));
      return translateGroup(group, pair.source, pair.target, request, { admitted: true, ...(signal && { signal }) });
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

    detect: (texts) => Promise.all(texts.map((text) => detectLanguages(text))),
  };

  async function translateItems(
    items: readonly TextItem[],
    request: TranslationRequest,
    call: InnerCall,
  ): Promise<TranslationAnswer[]> {
    const target = checkLanguage('target', request.target);
    const routed = await routing.route(items, request.source, target);
    const groups = new Map<string, Routed[]>();
    for (const item of routed) groups.set(item.source, [...(groups.get(item.source) ?? []), item]);
    const answers: TranslationAnswer[] = [];
    // One after another: nobody should wait for a model while holding another.
    for (const [source, group] of groups) {
      const admitted = call.admitted === true || answers.length > 0;
      answers.push(...(await translateGroup(group, source, target, request, { ...call, admitted })));
    }
    return answers.sort((a, b) => a.index - b.index);
  }

  async function translateGroup(
    group: readonly Routed[],
    source: string,
    target: string,
    request: Omit<TranslationRequest, 'text'>,
    call: InnerCall,
  ): Promise<TranslationAnswer[]> {
    const pair = { source, target };
    const modelOf = async (): Promise<string> => (await models.find(pair)).name;
    return observed(observer, modelOf, async (use) => {
      const { terms = [], alternatives = 0, splitSentences, format, sentences } = request;
      const prepared = [
        ...(terms.length > 0 ? [prepareTerms(terms, source)] : []),
        ...(await glossaries.use(request.glossaries ?? [], pair)),
      ];
      const { memory, threshold, model, release } = await resourcesOf(request, pair, call);
      const texts = group.map(({ text }) => text);
      let compared: Promise<void> = Promise.resolve();
      const log = (
        translations: readonly TranslatedText[],
        by: Pick<ModelInUse, 'name' | 'version' | 'configuration'>,
        served: boolean,
      ): void => predictions?.add({ group, pair, translations, model: by, served, trial: model.trial, call });
      try {
        const run = await runInTrial(
          model,
          (inUse, isAsked) => {
            const told = use(inUse, isAsked);
            return translateTexts(inUse.served, texts, {
              memory,
              ...configured(request, threshold, inUse.settings),
              glossaries: prepared.map(({ required }) => required),
              forbidden: prepared.flatMap(({ forbidden }) => forbidden ?? []),
              translations: alternatives + 1,
              ...(format === undefined ? {} : { format }),
              ...(splitSentences === undefined ? {} : { splitSentences }),
              ...(sentences === undefined ? {} : { sentences }),
              ...(isAsked && {
                ...call,
                onNode: (timing) => {
                  told(timing);
                  call.onNode?.(source, timing);
                },
              }),
            });
          },
          {
            ...translationTrial,
            now: () => performance.now(),
            date: () => clock.now(),
            requestId: call.requestId,
            record: (comparison) => comparisons?.add(comparison),
            beside: (translations, by) => log(translations, by, false),
          },
        );
        compared = run.compared;
        log(run.result, run.model, true);
        const { name, version, configuration } = run.model;
        return group.map(({ index, detected }, i) => {
          const translation = run.result[i] as TranslatedText;
          const computed = translation.origin === 'model' || translation.origin === 'mixed';
          return {
            ...translation,
            index,
            source,
            target,
            ...(detected === undefined ? {} : { detected }),
            model: computed ? { name, version, configuration } : null,
            warnings: [...translation.warnings, ...memory.leftOut.map(leftOut)],
          };
        });
      } finally {
        void compared.then(release);
      }
    });
  }

  /** Memories and model of a request, loaded if need be. */
  async function resourcesOf(
    request: Pick<TranslationRequest, 'memory' | 'model'>,
    pair: LanguagePair,
    { signal, onQueued, caller }: InnerCall,
  ) {
    // Those who need something else need not wait for what is being loaded.
    const loading = setTimeout(() => onQueued?.(), loadingMs);
    try {
      const { ids, threshold } = await memoryOf(request, pair);
      const routed = await models.route(pair, request.model, { signal, caller });
      const thresholds = threshold === undefined ? routed.settings.map(thresholdOf) : [threshold];
      const memory = await memories.use(ids, Math.min(...thresholds) < 1, signal);
      try {
        const model = await routed.acquire();
        const release = (): void => {
          model.release();
          memory.release();
        };
        return { memory, threshold, model, release };
      } catch (error) {
        memory.release();
        throw error;
      }
    } finally {
      clearTimeout(loading);
    }
  }

  async function memoryOf(
    { memory = true }: Pick<TranslationRequest, 'memory'>,
    pair: { source: string; target: string },
  ): Promise<{ ids: readonly string[]; threshold: number | undefined }> {
    if (memory === false) return { ids: [], threshold: 1 };
    const { ids, threshold } = memory === true ? {} : memory;
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
