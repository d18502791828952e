import type { FastifyError, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { translationLimits } from '../../../contracts/translation.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { authenticate, keyInHeader } from '../../plugins/auth.ts';
import { retryAfter, toPerennial } from '../../plugins/problems.ts';
import { callOf } from '../../plugins/translation-call.ts';
import { takeForms } from './forms.ts';
import { countCharacters } from './usage.ts';

const text = Type.String({ maxLength: translationLimits.characters });
const Texts = Type.Union([text, Type.Array(text, { minItems: 1, maxItems: translationLimits.texts })]);
const ApiKey = Type.Optional(Type.String({ maxLength: 200, description: 'Our key, where no header has it.' }));
const code = (description: string) => Type.String({ minLength: 2, maxLength: 64, description });

/** Routes with the addresses, fields and errors of LibreTranslate's API, so that its clients work here; the key is ours. */
export function libreRoutes(app: App, deps: Pick<AppDependencies, 'translation' | 'keys' | 'clock' | 'redis'>): void {
  const tags = ['translation for LibreTranslate clients'];

  app.register(async (scope: App) => {
    takeForms(scope);
    // The key may be in the body, hence not before that is read.
    scope.addHook('preValidation', (request) => authenticate(deps, request, keyOf(request), 'viewer'));
    scope.setErrorHandler<FastifyError>((thrown, request, reply) => {
      const error = toPerennial(thrown, request);
      if (error.status >= 500) request.log.error({ err: thrown }, error.message);
      const isUnknownKey = error.status === 401 && keyOf(request) !== undefined;
      const isLanguage = error.code === 'NOT_FOUND' && error.fields?.some(({ field }) => field === 'target');
      return retryAfter(reply, error)
        .status(isUnknownKey ? 403 : isLanguage ? 400 : error.status)
        .send({ error: [error.message, error.remedy].filter(Boolean).join(' '), code: error.code });
    });

    scope.post(
      '/translate',
      {
        config: { translates: true },
        schema: {
          tags,
          summary: 'Translate texts as LibreTranslate’s clients ask for it',
          body: Type.Object({
            q: Texts,
            source: code('Or auto.'),
            target: code('Language wanted.'),
            format: Type.Optional(Type.Union([Type.Literal('text'), Type.Literal('html')])),
            alternatives: Type.Optional(
              Type.Union([Type.Integer({ minimum: 0 }), Type.String({ pattern: '^\\d{1,4}$' })]),
            ),
            api_key: ApiKey,
          }),
        },
      },
      async (request) => {
        const { q, source, target, format = 'text', alternatives = 0 } = request.body;
        const { translations } = await deps.translation.translate(
          {
            text: q,
            target,
            ...(source === 'auto' ? {} : { source }),
            format: format === 'html' ? 'html' : 'plain',
            alternatives: Math.min(Number(alternatives), translationLimits.alternatives),
          },
          callOf(request),
        );
        countCharacters(deps, request, q);
        const one = typeof q === 'string';
        const each = <T>(of: (translation: (typeof translations)[number]) => T): T | T[] => {
          const all = translations.map(of);
          return one ? (all[0] as T) : all;
        };
        return {
          translatedText: each((t) => t.text),
          ...(source === 'auto'
            ? { detectedLanguage: each((t) => ({ language: t.source, confidence: percent(t.detected?.confidence) })) }
            : {}),
          ...(Number(alternatives) > 0 ? { alternatives: each((t) => t.alternatives) } : {}),
        };
      },
    );

    scope.post(
      '/detect',
      {
        schema: {
          tags,
          summary: 'Languages a text may be in, as LibreTranslate’s clients read them',
          body: Type.Object({ q: text, api_key: ApiKey }),
        },
      },
      async (request) =>
        ((await deps.translation.detect([request.body.q]))[0] ?? []).map(({ language, confidence }) => ({
          language,
          confidence: percent(confidence),
        })),
    );

    scope.get(
      '/languages',
      { schema: { tags, summary: 'Languages as LibreTranslate’s clients read them' } },
      async () =>
        (await deps.translation.languages()).map(({ code: language, name, targets }) => ({
          code: language,
          name,
          targets,
        })),
    );
  });
}

function keyOf(request: FastifyRequest): string | undefined {
  const { api_key: key } = { ...(request.query as object), ...(request.body as object | null) } as {
    api_key?: unknown;
  };
  return keyInHeader(request) ?? (typeof key === 'string' ? key : undefined);
}

function percent(share = 0): number {
  return Math.round(1000 * share) / 10;
}
