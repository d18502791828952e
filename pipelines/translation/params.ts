import { type Static, Type } from 'typebox';
import { PromoteParam } from '../../contracts/promotion.ts';

const resourceIds = (description: string) =>
  Type.Array(Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' }), { default: [], maxItems: 50, description });

/** Parameters of a translation run. */
export const TranslationParams = Type.Object({
  pair: Type.String({
    pattern: '^[a-z]{2,3}(_[A-Za-z0-9]{2,8})?-[a-z]{2,3}(_[A-Za-z0-9]{2,8})?$',
    description: 'Direction, source-target, such as en-de; a region is joined by _, as in en-pt_BR.',
  }),
  general: Type.String({
    default: '',
    description:
      'Prefix of parallel text to ingest first, one sentence a line: PREFIX.en and PREFIX.de, or the same with .gz. Empty: what the lake holds.',
  }),
  dev: Type.String({
    default: '',
    description: 'Prefix of parallel text to judge general training on. Empty: a part of the general text is held out.',
  }),
  memories: resourceIds('Translation memories of the domain to adapt to, by their ids.'),
  glossaries: resourceIds('Glossaries whose terms the adapted model is judged on, by their ids.'),
  size: Type.Union([Type.Literal('demo'), Type.Literal('tiny'), Type.Literal('small')], {
    default: 'tiny',
    description: 'Shape of the model.',
  }),
  promote: PromoteParam,
  hours: Type.Number({
    minimum: 0.001,
    maximum: 1000,
    default: 2,
    description: 'Most hours of general training; adaptation has a quarter of it.',
  }),
  maxBadShare: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 0.2,
    description: 'Share of pairs that may be refused.',
  }),
  seed: Type.Integer({ minimum: 0, maximum: 4_294_967_295, default: 1 }),
});

export type TranslationParams = Static<typeof TranslationParams>;
