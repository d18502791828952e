import { type Static, Type } from 'typebox';
import { PromoteParam } from '../../contracts/promotion.ts';
import { SalesMappingSchema } from '../../contracts/sales-mapping.ts';
import { addressWithoutSecret } from '../../contracts/source-location.ts';

/** Parameters of an offers run. */
export const OffersParams = Type.Object({
  asOf: Type.Union([Type.String({ format: 'date', pattern: '^(?!0000)' }), Type.Literal('')], {
    default: '',
    description: 'YYYY-MM-DD: only data before this day is used. Empty: the day after the newest sale.',
  }),
  market: Type.String({
    default: '',
    maxLength: 100,
    description: 'The market to make lists for, such as France; training looks at all. Empty: every market.',
  }),
  source: Type.String({
    default: '',
    maxLength: 2000,
    pattern: addressWithoutSecret,
    description:
      'What to ingest first: a folder of sales files or one file, s3://bucket/prefix, postgres://… or http(s)://…, without a password. Empty: what the lake holds.',
  }),
  mapping: Type.Optional(SalesMappingSchema),
  maxBadShare: Type.Number({ minimum: 0, maximum: 1, default: 0.05, description: 'Share of a file that may be bad.' }),
  productPattern: Type.String({
    format: 'regex',
    maxLength: 200,
    default: '',
    description: 'Regular expression of the codes that are products. Empty: as the mapping said when they came in.',
  }),
  train: Type.Union([Type.Literal('auto'), Type.Literal('always'), Type.Literal('never')], {
    default: 'auto',
    description: 'auto: when there is no usable champion or the last decision says so.',
  }),
  promote: PromoteParam,
  ranker: Type.Union([Type.Literal('boosted'), Type.Literal('closed-form')], {
    default: 'boosted',
    description:
      'What is trained. boosted: trees over many sources, the best lists, minutes. closed-form: item–item weights, seconds.',
  }),
  topK: Type.Integer({ minimum: 1, maximum: 200, default: 20, description: 'Products per list.' }),
  outcomes: Type.String({
    default: '',
    description:
      'File of offers with their outcomes to ingest first (CSV, CSV.gz, Parquet). Empty: what the lake holds.',
  }),
  documents: Type.String({
    default: '',
    description:
      'Folder of customers’ documents to ingest first: a folder, named by its id, of .txt, .html, .docx and .pdf files, or a file, per customer. Empty: what the lake holds.',
  }),
  maxBadDocuments: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 0.5,
    description: 'Share of the documents that may be unreadable.',
  }),
  gapScore: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 0.2,
    description: 'Least chance that a customer uses a product, for it to be kept as an assortment gap.',
  }),
  offerBudget: Type.Number({
    minimum: 0,
    default: 1000,
    description: 'Most discount that the offers of a market may cost, expected, in units of its currency.',
  }),
  offersPerCustomer: Type.Integer({ minimum: 1, maximum: 20, default: 2, description: 'Most offers a customer gets.' }),
  discounts: Type.Array(Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 100 }), {
    minItems: 1,
    maxItems: 20,
    default: [5, 10, 20],
    description: 'Discounts that may be offered, percent of the price.',
  }),
  marginShare: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 0.4,
    description: 'Share of the price without a discount that is margin.',
  }),
  minMarginShare: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 0.05,
    description: 'Least margin of a sale with a discount, as a share of the price paid.',
  }),
  holdoutShare: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 0.1,
    description: 'Share of customers that get no offer, so that uplift can be measured.',
  }),
  seed: Type.Integer({ minimum: 0, maximum: 4_294_967_295, default: 1 }),
});

export type OffersParams = Static<typeof OffersParams>;
