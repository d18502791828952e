import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import { type LanguageRecord, translationLimits } from '../../../contracts/translation.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { callOf } from '../../plugins/translation-call.ts';
import { deeplErrors } from './deepl-errors.ts';
import { glossariesOf, glossaryFields, deeplTags as tags } from './deepl-fields.ts';
import { takeForms } from './forms.ts';
import { charactersOf, charactersUsed, countCharacters } from './usage.ts';

const viewer = { role: 'viewer' } as const;
/** Nothing is billed; clients want a number that they never reach. */
const noLimit = 1_000_000_000_000;

const flag = Type.Union([Type.Boolean(), Type.String({ maxLength: 20 })]);
const word = Type.String({ maxLength: 200 });
const text = Type.String({ maxLength: translationLimits.characters });

/** As DeepL's clients send it, in a form or as JSON. What has no meaning here is taken and ignored, as DeepL does. */
const Body = Type.Object({
  text: Type.Union([text, Type.Array(text, { minItems: 1, maxItems: translationLimits.texts })]),
  target_lang: Type.String({ minLength: 2, maxLength: 64 }),
  source_lang: Type.Optional(Type.Union([Type.String({ maxLength: 64 }), Type.Null()])),
  split_sentences: Type.Optional(Type.Union([word, Type.Boolean()])),
  tag_handling: Type.Optional(word),
  formality: Type.Optional(word),
  ...glossaryFields,
  show_billed_characters: Type.Optional(flag),
});

/** Routes with the addresses, fields and errors of DeepL's API (v2), so that its clients work here; the key is ours. */
export function deeplRoutes(app: App, deps: Pick<AppDependencies, 'translation' | 'clock' | 'redis'>): void {
  app.register(async (scope: App) => {
    takeForms(scope);
    deeplErrors(scope);

    scope.post(
      '/v2/translate',
      {
        config: { ...viewer, translates: true },
        schema: { tags, summary: 'Translate texts as DeepL’s clients ask for it', body: Body },
      },
      async (request) => {
        const { body } = request;
        if (body.formality === 'more' || body.formality === 'less') {
          throw new PerennialError('VALIDATION_FAILED', `formality = "${body.formality}" is not supported.`, {
            remedy: 'Give prefer_more or prefer_less, which do not insist, or leave it away.',
            fields: [{ field: 'formality', value: body.formality, message: 'is not supported' }],
          });
        }
        const glossaries = glossariesOf(body);
        const { translations } = await deps.translation.translate(
          {
            text: body.text,
            target: body.target_lang,
            ...(body.source_lang ? { source: body.source_lang } : {}),
            format: body.tag_handling === 'html' ? 'html' : 'plain',
            ...(glossaries.length === 0 ? {} : { glossaries }),
            ...(String(body.split_sentences) === '0' || body.split_sentences === false
              ? { splitSentences: false }
              : {}),
          },
          callOf(request),
        );
        countCharacters(deps, request, body.text);
        const texts = typeof body.text === 'string' ? [body.text] : body.text;
        const billed = ['1', 'true'].includes(String(body.show_billed_characters));
        return {
          translations: translations.map(({ text: translated, source }, i) => ({
            detected_source_language: (source.split('-')[0] as string).toUpperCase(),
            text: translated,
            ...(billed ? { billed_characters: charactersOf(texts[i] ?? '') } : {}),
          })),
        };
      },
    );

    scope.get(
      '/v2/languages',
      {
        config: viewer,
        schema: {
          tags,
          summary: 'Source or target languages as DeepL’s clients read them',
          querystring: Type.Object({
            type: Type.Optional(Type.Union([Type.Literal('source'), Type.Literal('target')])),
          }),
        },
      },
      async (request) => {
        const languages = await deps.translation.languages();
        if (request.query.type !== 'target') {
          return languages
            .filter(({ targets }) => targets.length > 0)
            .map(({ code, name }) => ({ language: code.toUpperCase(), name }));
        }
        const targets = new Set(languages.flatMap((language) => language.targets));
        return languages.filter(({ code }) => targets.has(code)).flatMap(targetsOf);
      },
    );

    for (const method of ['GET', 'POST'] as const) {
      scope.route({
        method,
        url: '/v2/usage',
        config: viewer,
        schema: { tags, summary: 'Characters translated with this key in the present month' },
        handler: async (request) => ({
          character_count: await charactersUsed(deps, request),
          character_limit: noLimit,
        }),
      });
    }
  });
}

/** DeepL's clients know English and Portuguese as targets by region only. */
function targetsOf({ code, name }: LanguageRecord): { language: string; name: string; supports_formality: boolean }[] {
  const regions: Record<string, string[]> = { en: ['en-GB', 'en-US'], pt: ['pt-BR', 'pt-PT'] };
  const names = new Intl.DisplayNames(['en'], { type: 'language', languageDisplay: 'standard' });
  const codes = regions[code] ?? [code];
  return codes.map((one) => ({
    language: one.toUpperCase(),
    name: one === code ? name : (names.of(one) ?? one),
    supports_formality: false,
  }));
}
