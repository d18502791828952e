import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Random } from '../../../domain/nlp/random.ts';
import { Grammar, type Sentence } from './grammar.ts';
import { parts, unseenParts } from './lexicon.ts';

export interface TranslationDemoOptions {
  /** Folder; made if it is not there. */
  readonly out: string;
  /** Pairs of general text; default 6,000. */
  readonly general?: number;
  /** Segments of the memory; default 600. */
  readonly memory?: number;
  /** Sentences with terms that stand in no other text; default 100. */
  readonly unseen?: number;
  /** The same seed gives the same bytes; default 1. */
  readonly seed?: number;
}

export interface TranslationDemo {
  /** Prefix of the general text: PREFIX.en and PREFIX.de. */
  readonly general: string;
  /** Translation memory in the style of the house: TSV. */
  readonly memory: string;
  /** Terms: CSV. Twelve of them stand in no text to train on. */
  readonly glossary: string;
  /** Prefix of sentences with those twelve. */
  readonly unseen: string;
}

/**
 * A small world of German and English with planted truth: the memory says things as the house says them (no articles, verb
 * last), so that adaptation shows; terms of the glossary stand in no text, so that only who reads the glossary knows them.
 */
export async function generateTranslationDemo(options: TranslationDemoOptions): Promise<TranslationDemo> {
  const { out, general = 6000, memory = 600, unseen = 100, seed = 1 } = options;
  const random = new Random(seed);
  const grammar = new Grammar(random);
  const draw = (count: number, one: () => Sentence): Sentence[] => Array.from({ length: count }, one);
  const texts = draw(general, () => grammar.general());
  const segments = [...new Map(draw(memory, () => grammar.manual()).map((one) => [one.en, one])).values()];
  const novel = new Grammar(random, unseenParts);
  const unknown = draw(unseen, () => novel.manual());

  await mkdir(out, { recursive: true });
  const files: TranslationDemo = {
    general: join(out, 'general'),
    memory: join(out, 'manual.tsv'),
    glossary: join(out, 'parts.csv'),
    unseen: join(out, 'unseen'),
  };
  const lines = (values: readonly string[]): string => `${values.join('\n')}\n`;
  await Promise.all([
    writeFile(`${files.general}.en`, lines(texts.map(({ en }) => en))),
    writeFile(`${files.general}.de`, lines(texts.map(({ de }) => de))),
    writeFile(files.memory, lines(['source\ttarget\tdomain', ...segments.map(({ en, de }) => `${en}\t${de}\tmanual`)])),
    writeFile(
      files.glossary,
      lines(['source,target', ...[...unseenParts, ...parts.slice(0, 20)].map((p) => `${p.en},${p.de}`)]),
    ),
    writeFile(`${files.unseen}.en`, lines(unknown.map(({ en }) => en))),
    writeFile(`${files.unseen}.de`, lines(unknown.map(({ de }) => de))),
  ]);
  return files;
}
