import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { TranslationSettings, translationDefaults } from '../../../contracts/translation-settings.ts';
import { compareSettings, completeSettings, settingsOf } from '../../../domain/registry/configurations.ts';
import { kindsOf } from '../../../domain/registry/kinds.ts';
import { pipelines } from '../../../pipelines/index.ts';

const kinds = kindsOf(pipelines.values());

describe('settings', () => {
  it('of every kind of model have a default that holds, and say what they do', () => {
    const configured = kinds.flatMap(({ settings }) => settings ?? []);
    expect(configured).toContain(TranslationSettings);
    for (const schema of configured) {
      const names = Object.keys(schema.properties);
      const complete = completeSettings(schema, {});
      expect(Object.keys(complete)).toEqual(names);
      expect(Value.Check(schema, complete)).toBe(true);
      for (const { means } of compareSettings(schema, {}, {})) expect(means).toMatch(/\.$/);
    }
  });

  it('of translation are what the code has built in', () => {
    expect(completeSettings(settingsOf(kinds, 'translation-en-de'), {})).toEqual(translationDefaults);
  });

  it('are the same where one configuration says what is built in', () => {
    const compared = compareSettings(TranslationSettings, { beam: 1, maxBatch: 8 }, { maxBatch: 16 });
    expect(compared.filter(({ same }) => !same)).toMatchObject([{ name: 'maxBatch', a: 8, b: 16 }]);
  });

  it('are none of models that no pipeline says can be configured', () => {
    expect(() => settingsOf(kinds, 'offers-next-products')).toThrow(
      'The model "offers-next-products" has no settings.',
    );
  });
});
