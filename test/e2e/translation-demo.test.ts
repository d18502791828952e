import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outputOf, type RunDetail } from '../../cli/runs.ts';
import type { ModelVersion } from '../../contracts/models.ts';
import type { TranslationAnswer } from '../../contracts/translation.ts';
import { scan } from '../../domain/nlp/markup/index.ts';
import { Random } from '../../domain/nlp/random.ts';
import { loadTranslationModel } from '../../domain/nlp/translator/index.ts';
import { readLineage } from '../../domain/registry/lineage.ts';
import { Grammar } from '../../pipelines/translation/demo/grammar.ts';
import { generateTranslationDemo, type TranslationDemo } from '../../pipelines/translation/demo/index.ts';
import { unseenParts } from '../../pipelines/translation/demo/lexicon.ts';
import type { EvaluateOutput } from '../../pipelines/translation/outputs.ts';
import { fileArtifactStore } from '../../storage/artifacts/file.ts';
import { type Installation, startInstallation } from '../support/installation.ts';

interface Translated {
  readonly translations: readonly TranslationAnswer[];
}

let perennial: Installation;
let run: RunDetail;
let demo: TranslationDemo;

beforeAll(async () => {
  perennial = await startInstallation({ roles: ['api', 'control', 'cpu', 'serving'] });
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

  it('says what the memory is worth: what is similar is shown, and nothing finds itself', () => {
    const names = ['general', 'adapted', 'adapted + terms', 'adapted + terms + memory'];
    const { sets } = outputOf(run, 'evaluate') as EvaluateOutput;
    for (const { variants } of sets) expect(variants.map(({ name }) => name)).toEqual(names);
    const domain = sets.find(({ name }) => name === 'domain');
    const last = score('domain', 'adapted + terms + memory');
    expect(last?.matches?.fuzzy).toBeGreaterThan((domain?.sentences ?? 0) / 2);
    expect(last?.matches?.exact).toBe(0);
    // How well it uses them depends on how far a minute of training comes.
    expect(last?.bleu).toBeGreaterThan((score('domain', 'adapted + terms')?.bleu ?? 100) - 20);
    expect(score('domain', 'adapted + terms')?.matches).toBeUndefined();
  });

  it('puts the adapted model into the registry, with its aligner and where it came from', async () => {
    const { models } = await perennial.api.get<{ models: ModelVersion[] }>('/v1/models');
    expect(models).toMatchObject([
      { model: 'translation-en-de', version: 1, aliases: ['champion'], lineage: { run: run.id } },
    ]);
    const [version] = models as [ModelVersion];
    expect(version.files.map(({ name }) => name)).toEqual(['model', 'weights', 'tokenizer', 'aligner']);
    expect(version.metrics['bleu']).toBe(score('domain', 'adapted')?.bleu);
    expect(version.metrics['bleuGeneral']).toBe(score('general', 'adapted')?.bleu);
    expect(version.metrics['termsLemmatised']).toBe(score('domain', 'adapted + terms')?.termsLemmatised);
    const { data, code } = readLineage(version.lineage);
    expect(data?.map(({ dataset }) => dataset)).toEqual(['parallel/general', expect.stringMatching(/^parallel\//)]);
    expect(code?.steps).toMatchObject({ publish: '2', evaluate: '2' });
    const stored = fileArtifactStore(join(perennial.home, 'artifacts'));
    const { aligner } = await loadTranslationModel(stored, (models[0] as ModelVersion).artifact);
    expect(aligner?.align({ source: ['the', 'pump'], target: ['die', 'pump'] })).toEqual([
      [0, 0],
      [1, 1],
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
    const parts = (given = '') => [...given.matchAll(/<\/?b>|\{0\}/g)].map(([part]) => part);
    const found = told.translations.map(({ text }) => parts(text));
    expect(found.map((list) => [...list].sort())).toEqual(texts.map((text) => parts(text).sort()));
    // How well the model keeps their order is a matter of how long it could train.
    const ordered = texts.filter((text, i) => parts(text).join() === found[i]?.join());
    expect(ordered.length).toBeGreaterThan(0.9 * texts.length);
  });

  it('brings every tag of 200 sentences of HTML back, balanced, nested as before, exactly once', async () => {
    const texts = markedSentences(200, new Random(4));
    const translate = async (text: readonly string[], format: 'html' | 'plain') => {
      const body = { text, source: 'en', target: 'de', format, memory: false };
      return (await perennial.api.post<Translated>('/v1/translate', body)).translations;
    };
    const translations = await translate(texts, 'html');
    expect(translations.map(({ origin }) => origin)).toEqual(texts.map(() => 'model'));
    for (const [i, { text }] of translations.entries()) {
      const source = texts[i] as string;
      expect(inventory(text)).toEqual(inventory(source));
      expect(nesting(text)).toEqual(nesting(source));
    }
    // Tags in such numbers, which it has never seen, do not keep the model from its words.
    const bare = texts.map((text) =>
      text
        .replace(/<[^>]*>/g, '')
        .replace(/ {2,}/g, ' ')
        .trim(),
    );
    const words = (text: string) => text.replace(/<[^>]*>|\{0\}|%s|\$\{name\}|\{\{ count \}\}|\s/g, '');
    const expected = (await translate(bare, 'plain')).map(({ text }) => words(text));
    const guessed = translations.flatMap(({ text, warnings }, i) =>
      warnings.some(({ code }) => code === 'tags-guessed') ? [words(text) === expected[i]] : [],
    );
    expect(guessed.length).toBeGreaterThan(0);
    expect(guessed.filter(Boolean).length).toBeGreaterThanOrEqual(0.95 * guessed.length);
  });
});

/** Sentences of the demo's world with three or four pairs of tags within each other, further ones, single tags and variables. */
function markedSentences(count: number, random: Random): string[] {
  const grammar = new Grammar(random);
  const pick = (list: readonly string[]) => list[random.below(list.length)] as string;
  let id = 0;
  const wrap = (words: readonly string[], depth: number): string => {
    if (depth === 0 || words.length === 0) return words.join(' ');
    const from = random.below(words.length);
    const to = from + 1 + random.below(words.length - from);
    const tag = pick(['b', 'i', 'em', 'span', 'strong', 'u']);
    const inner = wrap(words.slice(from, to), depth - 1);
    const rest = wrap(words.slice(to), random.below(2));
    return [...words.slice(0, from), `<${tag} id="${id++}">${inner}</${tag}>`, rest].join(' ').trim();
  };
  return Array.from({ length: count }, (_, i) => {
    const words = grammar.general().en.split(' ');
    const parts = [pick(['<br id="%">', '<img id="%" src="x.png">']), pick(['{0}', '%s', '${name}', '{{ count }}'])];
    for (const part of parts) words.splice(random.below(words.length), 0, part.replace('%"', `${id++}"`));
    return wrap(words, 3 + (i % 2));
  });
}

/** Tags and variables of a text, sorted. */
function inventory(text: string): string[] {
  return scan(text)
    .map(({ start, end }) => text.slice(start, end))
    .sort();
}

/** Each tag with those around it, sorted; fails where they cross or stay open. */
function nesting(text: string): string[] {
  const open: { name: string | undefined; content: string }[] = [];
  const out: string[] = [];
  for (const { kind, name, start, end } of scan(text, { variables: false })) {
    const content = text.slice(start, end);
    if (kind === 'close') expect(open.pop()?.name).toBe(name);
    else out.push([...open.map((tag) => tag.content), content].join(' > '));
    if (kind === 'open') open.push({ name, content });
  }
  expect(open).toEqual([]);
  return out.sort();
}
