import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outputOf, type RunDetail } from '../../cli/runs.ts';
import type { ModelVersion } from '../../contracts/models.ts';
import type { TranslationAnswer } from '../../contracts/translation.ts';
import { generateTranslationDemo, type TranslationDemo } from '../../pipelines/translation/demo/index.ts';
import { unseenParts } from '../../pipelines/translation/demo/lexicon.ts';
import type { EvaluateOutput } from '../../pipelines/translation/outputs.ts';
import { type Installation, startInstallation } from '../support/installation.ts';

interface Translated {
  readonly translations: readonly TranslationAnswer[];
}

let perennial: Installation;
let run: RunDetail;
let demo: TranslationDemo;

beforeAll(async () => {
  perennial = await startInstallation();
  demo = await generateTranslationDemo({ out: join(perennial.home, 'demo') });
  const { api } = perennial;
  const languages = { source: 'en', target: 'de' };
  await api.post('/v1/memories', { id: 'manual', ...languages });
  await api.post('/v1/glossaries', { id: 'parts', ...languages });
  const body = (file: string) => createReadStream(file) as AsyncIterable<Uint8Array>;
  await api.upload('/v1/memories/manual/imports?format=tsv', body(demo.memory), 'application/octet-stream');
  await api.upload('/v1/glossaries/parts/imports?format=csv', body(demo.glossary), 'application/octet-stream');
  run = await perennial.run('translation', {
    pair: 'en-de',
    general: demo.general,
    memories: ['manual'],
    glossaries: ['parts'],
    size: 'demo',
    hours: 0.02,
  });
}, 400_000);
afterAll(() => perennial.close());

const score = (set: string, variant: string) => {
  const { sets } = outputOf(run, 'evaluate') as EvaluateOutput;
  return sets.find(({ name }) => name === set)?.variants.find(({ name }) => name === variant);
};

describe('the translation pipeline on demo texts', () => {
  it('runs every step to its end', () => {
    expect(run.error).toBeNull();
    expect(run.steps.filter((step) => step.status !== 'succeeded')).toEqual([]);
  });

  it('learns the general language', () => {
    expect(score('general', 'general')?.bleu).toBeGreaterThan(80);
  });

  it('learns the style of the memory, which the general model does not have', () => {
    expect(score('domain', 'adapted')?.bleu).toBeGreaterThan((score('domain', 'general')?.bleu ?? 100) + 20);
  });

  it('puts the adapted model into the registry, with its figures and where it came from', async () => {
    const { models } = await perennial.api.get<{ models: ModelVersion[] }>('/v1/models');
    expect(models).toMatchObject([
      { model: 'translation-en-de', version: 1, aliases: ['champion'], lineage: { run: run.id } },
    ]);
  });

  it('puts terms that stand in no text into translations, and brings tags and variables along', async () => {
    const texts = readFileSync(`${demo.unseen}.en`, 'utf8').trimEnd().split('\n').slice(0, 60);
    const translate = (more: object) =>
      perennial.api.post<Translated>('/v1/translate', {
        text: texts,
        source: 'en',
        target: 'de',
        memory: false,
        ...more,
      });
    const [plain, told] = [await translate({}), await translate({ glossaries: ['parts'] })];
    const obeyed = ({ translations }: Translated) => {
      const wanted = texts.flatMap((text, i) =>
        unseenParts.filter(({ en }) => new RegExp(`\\b${en}\\b`).test(text)).map(({ de }) => [i, de] as const),
      );
      return wanted.filter(([i, de]) => translations[i]?.text.includes(de)).length / wanted.length;
    };
    expect(obeyed(plain)).toBeLessThan(0.1);
    expect(obeyed(told)).toBeGreaterThan(0.9);
    for (const [i, text] of texts.entries()) {
      const parts = (given = '') => [...given.matchAll(/<\/?b>|\{0\}/g)].map(([part]) => part);
      expect(parts(told.translations[i]?.text)).toEqual(parts(text));
    }
  });
});
