import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import type { Config } from '../config/index.ts';
import { PerennialError } from '../contracts/errors.ts';
import type { MemoryEntryContent, TermContent } from '../contracts/language-data.ts';
import type { TranslatedText } from '../contracts/translation.ts';
import type { Bytes, Read } from '../domain/nlp/formats/index.ts';
import {
  createGlossaryService,
  createMemoryService,
  formatOf,
  normaliseSource,
} from '../domain/nlp/language-data/index.ts';
import { glossaryKind, memoryKind } from '../domain/nlp/language-data/kinds.ts';
import {
  type ExactHit,
  Glossaries,
  Memories,
  MemoryIndex,
  type MemoryLookUp,
  type PreparedGlossary,
  prepareTerms,
  type SimilarHit,
  translateTexts,
} from '../domain/nlp/translator/index.ts';
import type { ArtifactStore } from '../domain/ports/artifacts.ts';
import type { Database } from '../storage/postgres/index.ts';
import { composeTranslation } from '../workers/compose-translation.ts';

export interface TranslateFileOptions {
  readonly pair: { readonly source: string; readonly target: string };
  /** Files, or ids of glossaries and memories. */
  readonly glossary: readonly string[];
  readonly memory: readonly string[];
  readonly threshold: number;
  readonly beam: number;
  /** Version or alias. */
  readonly model: string;
  readonly precision: 'int8' | 'float32';
  readonly split: boolean;
  readonly in: string;
  readonly out: string;
  readonly config: Config;
  readonly database: Database;
  readonly artifacts: ArtifactStore;
  readonly signal: AbortSignal;
  progress(done: number, total: number, unit: string): void;
}

export interface TranslateFileReport {
  readonly out: string;
  readonly model: { readonly name: string; readonly version: number };
  readonly lines: number;
  readonly exact: number;
  readonly similar: number;
  readonly terms: number;
  readonly termsUsed: number;
  readonly termsEnforced: number;
  /** How often each occurred, by their codes. */
  readonly warnings: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** Lines translated at a time: many, so that those of a batch have about the same length. */
const linesAtATime = 512;

/**
 * Translates a file line by line, in this process. The output is there whole or not at all.
 *
 * @throws SOURCE_INVALID for a file that cannot be read or has bad rows only; what the translator throws.
 */
export async function translateFile(options: TranslateFileOptions): Promise<TranslateFileReport> {
  const { pair, signal, out } = options;
  const began = performance.now();
  const lines = await readLines(options.in);
  // Without rollouts: a file is translated by one version.
  const { models, memories, glossaries: stored } = options.database;
  const stores = { models, memories, glossaries: stored };
  const translation = composeTranslation(options.config, stores, options.artifacts, {
    precision: options.precision,
  });
  const partial = `${out}.part`;
  try {
    const glossaries = await glossariesOf(options);
    const memory = await memoryOf(options);
    const model = await translation.models.acquire(pair, options.model, { signal });
    const counts = new Counts();
    const stream = createWriteStream(partial);
    try {
      for (let from = 0; from < lines.length; from += linesAtATime) {
        const done = await translateTexts(model.served, lines.slice(from, from + linesAtATime), {
          memory,
          threshold: options.threshold,
          glossaries: glossaries.map(({ required }) => required),
          forbidden: glossaries.flatMap(({ forbidden }) => forbidden ?? []),
          beam: options.beam,
          splitSentences: options.split,
          signal,
        });
        for (const one of done) {
          counts.add(one);
          stream.write(`${one.text.replaceAll(/\s*\n\s*/g, ' ')}\n`);
        }
        options.progress(from + done.length, lines.length, 'lines');
      }
    } finally {
      stream.end();
      await finished(stream);
      model.release();
    }
    await rename(partial, out);
    return {
      out,
      model: { name: model.name, version: model.version },
      lines: lines.length,
      ...counts.report(),
      seconds: Math.round((performance.now() - began) / 100) / 10,
    };
  } finally {
    await rm(partial, { force: true });
    await translation.close();
  }
}

class Counts {
  readonly #counts = { exact: 0, similar: 0, terms: 0, termsUsed: 0, termsEnforced: 0 };
  readonly #warnings: Record<string, number> = {};

  add({ origin, matches, terms, warnings }: TranslatedText): void {
    if (origin === 'memory') this.#counts.exact++;
    if (matches.some(({ kind }) => kind === 'fuzzy')) this.#counts.similar++;
    this.#counts.terms += terms.length;
    for (const { form, enforced } of terms) {
      if (form === 'missed') continue;
      this.#counts.termsUsed++;
      if (enforced) this.#counts.termsEnforced++;
    }
    for (const { code } of warnings) this.#warnings[code] = (this.#warnings[code] ?? 0) + 1;
  }

  report() {
    return { ...this.#counts, warnings: this.#warnings };
  }
}

async function readLines(file: string): Promise<string[]> {
  try {
    const lines: string[] = [];
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY }))
      lines.push(line);
    return lines;
  } catch (cause) {
    throw new PerennialError('SOURCE_INVALID', `${file} cannot be read: ${(cause as Error).message}.`, {
      remedy: 'Give the path of a text file.',
      cause,
    });
  }
}

/** Glossaries in the order given: files, and what the installation has. */
async function glossariesOf({ glossary, pair, database }: TranslateFileOptions): Promise<PreparedGlossary[]> {
  const clock = { now: () => new Date() };
  const held = new Glossaries(createGlossaryService({ glossaries: database.glossaries, clock }));
  const prepared: PreparedGlossary[] = [];
  for (const one of glossary) {
    if (existsSync(one)) prepared.push(prepareTerms(await readRows<TermContent>(glossaryKind, one, pair), pair.source));
    else prepared.push(...(await held.use([one], pair)));
  }
  return prepared;
}

/** Memories in the order given: files, and what the installation has. */
async function memoryOf({
  memory,
  pair,
  database,
  config,
  threshold,
  signal,
}: TranslateFileOptions): Promise<MemoryLookUp> {
  const clock = { now: () => new Date() };
  const held = new Memories({
    memories: createMemoryService({ memories: database.memories, clock }),
    clock,
    limit: config.servingMiB * 2 ** 20,
  });
  const lookUps: MemoryLookUp[] = [];
  for (const one of memory) {
    if (existsSync(one))
      lookUps.push(fileMemory(basename(one), await readRows<MemoryEntryContent>(memoryKind, one, pair)));
    else lookUps.push(await held.use([one], threshold < 1, signal));
  }
  return {
    async exact(sources) {
      const found = new Map<string, ExactHit>();
      for (const lookUp of lookUps)
        for (const [source, hit] of await lookUp.exact(sources)) if (!found.has(source)) found.set(source, hit);
      return found;
    },
    similar(masked, least) {
      let best: SimilarHit | null = null;
      for (const lookUp of lookUps) {
        const hit = lookUp.similar(masked, Math.max(least, best?.score ?? 0));
        if (hit && (best === null || hit.score > best.score)) best = hit;
      }
      return best;
    },
  };
}

function fileMemory(name: string, rows: readonly MemoryEntryContent[]): MemoryLookUp {
  const index = new MemoryIndex(name);
  const exact = new Map<string, ExactHit>();
  for (const [i, { source, target, codes }] of rows.entries()) {
    const entry = String(i + 1);
    index.add({ id: entry, source, target, ...(codes === undefined ? {} : { codes }) });
    exact.set(normaliseSource(source), { memory: name, entry, source, target });
  }
  return {
    exact: async (sources) =>
      new Map(
        sources.flatMap((source) => {
          const hit = exact.get(normaliseSource(source));
          return hit ? [[source, hit] as const] : [];
        }),
      ),
    similar: (masked, threshold) => index.similar(masked, threshold),
  };
}

/** The good rows of a file. */
async function readRows<Row>(
  kind: {
    readonly formats: readonly string[];
    read(
      format: string,
      bytes: Bytes,
      options: { readonly sourceLanguage: string; readonly targetLanguage: string },
    ): AsyncIterable<Read<Row>[]>;
  },
  file: string,
  { source, target }: TranslateFileOptions['pair'],
): Promise<Row[]> {
  const format = formatOf('', file);
  if (format === undefined || !kind.formats.includes(format)) {
    throw new PerennialError('SOURCE_INVALID', `${file} is none of these formats: ${kind.formats.join(', ')}.`, {
      remedy: 'Give a file whose name ends with its format.',
    });
  }
  const rows: Row[] = [];
  let fault: string | undefined;
  const languages = { sourceLanguage: source, targetLanguage: target };
  for await (const page of kind.read(format, createReadStream(file), languages)) {
    for (const read of page) {
      if ('row' in read) rows.push(read.row);
      else fault ??= `line ${read.line}: ${read.reason}`;
    }
  }
  if (rows.length === 0 && fault !== undefined) {
    throw new PerennialError('SOURCE_INVALID', `${file} has no good row; ${fault}.`, {
      remedy: 'Correct the file, or give another.',
    });
  }
  return rows;
}
