import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../contracts/json.ts';
import { fieldsOf, readTyped, typedFrom } from '../../../dashboard/ui/schema-fields.ts';
import { OffersParams } from '../../../pipelines/offers/params.ts';
import { TranslationParams } from '../../../pipelines/translation/params.ts';

const offers = fieldsOf(OffersParams as unknown as JsonObject);
const translation = fieldsOf(TranslationParams as unknown as JsonObject);

describe('a form of the parameters of a pipeline', () => {
  it('asks for each by a control that fits it, for what has no default first', () => {
    const kinds = Object.fromEntries(offers.map(({ name, kind }) => [name, kind]));
    expect(kinds).toMatchObject({ asOf: 'text', train: 'choice', topK: 'number', discounts: 'list', mapping: 'json' });
    expect(translation[0]).toMatchObject({ name: 'pair', required: true });
    expect(offers.find(({ name }) => name === 'train')?.choices).toEqual(['auto', 'always', 'never']);
    expect(offers.find(({ name }) => name === 'topK')).toMatchObject({ minimum: 1, maximum: 200, whole: true });
  });

  it('sends what differs from its default only, with its type', () => {
    const typed = { ...typedFrom(offers), topK: '30', discounts: '5, 12.5', market: 'Malta', train: 'always' };
    expect(readTyped(offers, typed)).toEqual({
      values: { topK: 30, discounts: [5, 12.5], market: 'Malta', train: 'always' },
      faults: {},
    });
    expect(readTyped(offers, typedFrom(offers))).toEqual({ values: {}, faults: {} });
  });

  it('begins with the values of an earlier run', () => {
    const typed = typedFrom(offers, { asOf: '2026-01-01', topK: 20 });
    expect(readTyped(offers, typed).values).toEqual({ asOf: '2026-01-01' });
  });

  it('says what cannot be read, and what is needed', () => {
    const typed = { ...typedFrom(offers), topK: 'many', discounts: '5, x', mapping: '{' };
    expect(readTyped(offers, typed).faults).toMatchObject({
      topK: 'is no number',
      discounts: 'has something in it that is no number',
      mapping: expect.stringContaining('is no JSON'),
    });
    expect(readTyped(translation, typedFrom(translation)).faults).toEqual({ pair: 'is needed' });
  });
});
