import { type ErrorInfo, PerennialError } from '../../../contracts/errors.ts';
import { translationGraph } from '../../../contracts/serving.ts';
import type { TranslationAnswer } from '../../../contracts/translation.ts';
import type { ReplicaAnswer } from '../../ports/serving.ts';
import { errorOf, jsonCall, jsonOf, type ReplicaRouter, type RoutedCall } from '../../serving/replicas/index.ts';
import type { TranslationCall, TranslationService } from './service-types.ts';

/** Translation as the API needs it; documents are translated by runs, in their workers. */
export type ServedTranslation = Omit<TranslationService, 'segments' | 'sourceOf'>;

/** What of it computes. */
export type ComputedTranslation = Pick<TranslationService, 'enter' | 'translate' | 'stream' | 'detect'>;

type Line = TranslationAnswer | { readonly done: true } | { readonly error: ErrorInfo };

/**
 * Translation computed by the replicas of serving. A request whose replica is lost is computed by another one; a stream goes
 * on with the texts that have no answer yet.
 */
export function remoteTranslation(router: Pick<ReplicaRouter, 'check' | 'call' | 'stream'>): ComputedTranslation {
  const post = <T>(path: string, body: unknown, call?: TranslationCall): Promise<T> =>
    router.call(translationGraph, jsonCall(path, body, call), jsonOf<T>);
  return {
    async enter() {
      // The replica has places for those that are prepared; here nothing is done but passing on.
      router.check(translationGraph);
      return () => {};
    },

    translate: (request, call) => post('/v1/translate', request, call),

    async *stream(request, call = {}) {
      const texts = typeof request.text === 'string' ? [request.text] : request.text;
      let done = 0;
      const rest = (): RoutedCall => {
        const { headers, ...more } = jsonCall(
          '/v1/translate',
          { ...request, text: texts.slice(done) },
          { ...call, firstIndex: done },
        );
        return { ...more, headers: { ...headers, accept: 'application/x-ndjson' } };
      };
      async function* read(answer: ReplicaAnswer): AsyncGenerator<TranslationAnswer> {
        try {
          yield* answersOf(answer);
        } catch (error) {
          // Once all are there, nothing is left for another replica to do.
          if (done < texts.length) throw error;
        }
      }
      for await (const answer of router.stream(translationGraph, rest, read)) {
        yield { ...answer, index: done };
        done++;
      }
    },

    detect: async (texts) =>
      (await post<{ detections: Awaited<ReturnType<TranslationService['detect']>> }>('/v1/detect', { text: texts }))
        .detections,
  };
}

async function* answersOf(answer: ReplicaAnswer): AsyncGenerator<TranslationAnswer> {
  if (answer.status !== 200) throw errorOf(answer, await answer.text());
  for await (const text of answer.lines()) {
    const line = JSON.parse(text) as Line;
    if ('error' in line) throw PerennialError.fromInfo(line.error);
    if ('done' in line) return;
    yield line;
  }
}
