import { Type } from 'typebox';
import {
  decodeResponse,
  type ResponseModel,
  responseFeatureNames,
  saleProbabilities,
} from '../../domain/offer-response/index.ts';
import { defineGraph, type PredictionContext, serveGraph } from '../../domain/serving/graph/index.ts';
import { responseFormat, responseModel } from './response/registered.ts';

const feature = Type.Union([Type.Number(), Type.Null()]);

/** Offers whose chance of a sale is asked for. */
const Input = Type.Object(
  {
    offers: Type.Array(
      Type.Object(
        {
          discount: Type.Number({
            minimum: 0,
            exclusiveMaximum: 1,
            description: 'Share of the price taken off; 0: none.',
          }),
          features: Type.Record(Type.String({ maxLength: 100 }), feature, {
            description: `What is known of the customer and the product: ${responseFeatureNames.join(', ')}; null or absent: unknown.`,
          }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 1000 },
    ),
  },
  { additionalProperties: false },
);

interface Rows {
  readonly features: Float32Array;
  readonly discount: Float64Array;
}

interface Values {
  readonly input: { offers: { discount: number; features: Record<string, number | null> }[] };
  readonly rows: Rows;
  readonly offered: Float64Array;
  readonly bare: Float64Array;
  readonly response: { offers: { probability: number; probabilityWithout: number; uplift: number }[] };
}

type Context = PredictionContext<{ readonly response: ResponseModel }>;

/** P(sale | customer, product, discount) of offers that somebody thinks of, beside that of no offer. */
export const offersResponse = serveGraph({
  title: 'Chance of a sale of offers, with the discount and without',
  description:
    'By the champion of offers-response: calibrated P(sale | customer, product, discount) and what the discount adds.',
  input: Input,
  models: {
    response: {
      name: responseModel,
      formatVersion: responseFormat,
      async load(artifact, artifacts) {
        const bytes = await artifacts.getBytes(artifact);
        return { value: decodeResponse(bytes), bytes: () => bytes.length, dispose: () => {} };
      },
    },
  },
  trial: {
    /** 1 less the mean distance of the chances. */
    agreementOf({ offers: own }, { offers: other }) {
      const apart = own.reduce(
        (sum, { probability }, i) => sum + Math.abs(probability - (other[i]?.probability ?? 0)),
        0,
      );
      return { agreement: 1 - apart / own.length };
    },
  },
  graph: defineGraph<Values, Context, 'response'>({
    id: 'offers-response',
    output: 'response',
    nodes: {
      rows: {
        kind: 'transformer',
        needs: 'input',
        run({ offers }, { models: { response } }) {
          const { featureNames } = response;
          const features = new Float32Array(offers.length * featureNames.length);
          for (const [i, offer] of offers.entries()) {
            for (const [j, name] of featureNames.entries())
              features[i * featureNames.length + j] = offer.features[name] ?? Number.NaN;
          }
          return { features, discount: Float64Array.from(offers, ({ discount }) => discount) };
        },
      },
      offered: {
        kind: 'model',
        needs: 'rows',
        run: ({ features, discount }, { models }) => saleProbabilities(models.response, features, discount),
      },
      bare: {
        kind: 'model',
        needs: 'rows',
        run: ({ features, discount }, { models }) =>
          saleProbabilities(models.response, features, new Float64Array(discount.length)),
      },
      response: {
        kind: 'combiner',
        needs: ['offered', 'bare'],
        run: ({ offered = new Float64Array(), bare = new Float64Array() }) => ({
          offers: Array.from(offered, (probability, i) => {
            const probabilityWithout = bare[i] as number;
            return { probability, probabilityWithout, uplift: probability - probabilityWithout };
          }),
        }),
      },
    },
  }),
});
