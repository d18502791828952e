import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { toErrorInfo } from '../../../contracts/errors.ts';
import { type TranslationAnswer, TranslationRequestSchema, translationLimits } from '../../../contracts/translation.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { callOf } from '../../plugins/translation-call.ts';
import { countCharacters } from './usage.ts';

const viewer = { role: 'viewer' } as const;

/** Translation with its evidence; languages and their detection. */
export function translateRoutes(app: App, deps: Pick<AppDependencies, 'translation' | 'clock' | 'redis'>): void {
  const tags = ['translation'];

  app.post(
    '/v1/translate',
    {
      config: { ...viewer, translates: true },
      schema: {
        tags,
        summary:
          'Translate texts, with the evidence of how; with accept: application/x-ndjson each answer comes as a line as it is done',
        body: TranslationRequestSchema,
      },
    },
    async (request, reply) => {
      const call = callOf(request);
      if (!/\bapplication\/x-ndjson\b/.test(request.headers.accept ?? '')) {
        const answer = await deps.translation.translate(request.body, call);
        countCharacters(deps, request, request.body.text);
        return answer;
      }
      const began = deps.clock.now().getTime();
      const answers = deps.translation.stream(request.body, call);
      // What is wrong with the request shows before the first answer, and can still be a status.
      const first = await answers.next();
      countCharacters(deps, request, request.body.text);
      async function* lines(): AsyncGenerator<string> {
        let count = 0;
        const line = (answer: TranslationAnswer) => {
          count++;
          return `${JSON.stringify(answer)}\n`;
        };
        try {
          if (!first.done) yield line(first.value);
          for await (const answer of answers) yield line(answer);
          yield `${JSON.stringify({ done: true, count, milliseconds: deps.clock.now().getTime() - began })}\n`;
        } catch (error) {
          request.log.error({ err: error }, 'a stream of translations broke off');
          yield `${JSON.stringify({ error: toErrorInfo(error) })}\n`;
        }
      }
      return reply.type('application/x-ndjson; charset=utf-8').send(Readable.from(lines()));
    },
  );

  app.get(
    '/v1/languages',
    { config: viewer, schema: { tags, summary: 'Languages and language pairs that have a model' } },
    async () => ({ languages: await deps.translation.languages(), pairs: await deps.translation.pairs() }),
  );

  app.post(
    '/v1/detect',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'Languages that texts may be in, the likeliest first',
        body: Type.Object(
          {
            text: Type.Union([
              Type.String({ maxLength: translationLimits.characters }),
              Type.Array(Type.String({ maxLength: translationLimits.characters }), {
                minItems: 1,
                maxItems: translationLimits.texts,
              }),
            ]),
          },
          { additionalProperties: false },
        ),
      },
    },
    async ({ body: { text } }) => {
      const texts = typeof text === 'string' ? [text] : text;
      return { detections: await deps.translation.detect(texts) };
    },
  );
}
