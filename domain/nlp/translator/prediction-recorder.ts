import type { LoggedPrediction } from '../../../contracts/feedback.ts';
import { isSameVariant } from '../../../contracts/traffic.ts';
import type { TranslatedText } from '../../../contracts/translation.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PredictionLog } from '../../ports/feedback.ts';
import { BackgroundWriter, type BackgroundWriterOptions, pointOf, type Trial } from '../../serving/index.ts';
import type { Masked } from '../markup/index.ts';
import type { LanguagePair } from './model.ts';
import type { ModelInUse } from './model-in-use.ts';
import type { TranslationCall } from './service-types.ts';

/** Characters that wait to be written, at most (some 32 MB): minutes of a busy replica while PostgreSQL is away. */
const mostWaiting = 16_000_000;
/** Characters of one writing. */
const mostAtOnce = 1_000_000;
/** Characters that an answer counts beside its texts. */
const overhead = 500;

/** What a version has answered to the texts of one language of a request. */
export interface AnsweredGroup {
  readonly group: readonly { readonly index: number; readonly text: string | Masked }[];
  readonly pair: LanguagePair;
  readonly translations: readonly TranslatedText[];
  readonly model: Pick<ModelInUse, 'name' | 'version' | 'configuration'>;
  /** Whether the caller got it. */
  readonly served: boolean;
  readonly trial: Pick<Trial<ModelInUse>, 'rollout' | 'base'> | null;
  readonly call: Pick<TranslationCall, 'requestId' | 'firstIndex' | 'caller'>;
}

/** Logs what translation answers, beside the requests. Requests without an id, such as parts of documents, are not logged. */
export class PredictionRecorder {
  readonly #writer: BackgroundWriter<LoggedPrediction>;
  readonly #clock: Clock;
  readonly #share: number;

  /** @param options.share of the requests that are logged, 0 to 1; the same ones in all processes. */
  constructor(
    options: { readonly log: Pick<PredictionLog, 'add'>; readonly clock: Clock; readonly share: number } & Pick<
      BackgroundWriterOptions<LoggedPrediction>,
      'onFailure' | 'everyMs'
    >,
  ) {
    const { log, clock, share, ...told } = options;
    this.#clock = clock;
    this.#share = share;
    this.#writer = new BackgroundWriter({
      ...told,
      what: 'What translation answered',
      write: (batch) => log.add(batch),
      weight: ({ source, answer }) => source.length + answer.length + overhead,
      mostWaiting,
      mostAtOnce,
    });
  }

  add({ group, pair, translations, model, served, trial, call }: AnsweredGroup): void {
    const { requestId, firstIndex = 0, caller = '' } = call;
    // By the request, so that both answers of a compared one are logged, or neither.
    if (requestId === undefined || pointOf(requestId) >= this.#share) return;
    const at = this.#clock.now().toISOString();
    for (const [i, { index, text }] of group.entries()) {
      const translation = translations[i];
      if (translation === undefined || typeof text !== 'string') continue;
      const { origin, confidence, text: answer } = translation;
      const computed = origin === 'model' || origin === 'mixed';
      this.#writer.add({
        requestId,
        index: firstIndex + index,
        served,
        at,
        // Behind it stands whom the key's holder asks for, which is no business of ours.
        caller: caller.split('/', 1)[0] ?? '',
        sourceLanguage: pair.source,
        targetLanguage: pair.target,
        model: computed ? model.name : null,
        modelVersion: computed ? model.version : null,
        rolloutId: trial?.rollout.id ?? null,
        side: trial === null ? null : isSameVariant(model, trial.base) ? 'base' : 'candidate',
        source: text,
        answer,
        origin,
        confidence,
        terms: translation.terms.map(({ source, target, form }) => ({ source, target, form })),
      });
    }
  }

  /** Writes what waits. */
  close(): Promise<void> {
    return this.#writer.close();
  }
}
