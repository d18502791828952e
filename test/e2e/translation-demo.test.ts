import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outputOf, type RunDetail } from '../../cli/runs.ts';
import type { ModelVersion } from '../../contracts/models.ts';
import { generateTranslationDemo } from '../../pipelines/translation/demo/index.ts';
import type { EvaluateOutput } from '../../pipelines/translation/outputs.ts';
import { type Installation, startInstallation } from '../support/installation.ts';

let perennial: Installation;
let run: RunDetail;

beforeAll(async () => {
  perennial = await startInstallation();
  const demo = await generateTranslationDemo({ out: join(perennial.home, 'demo') });
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
});
