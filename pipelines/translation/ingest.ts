import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { PerennialError } from '../../contracts/errors.ts';
import { createMemoryService } from '../../domain/nlp/language-data/index.ts';
import type { LanguagePair } from '../../domain/nlp/translator/index.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Lake } from '../../domain/ports/lake.ts';
import type { LanguageResourceRepository } from '../../domain/ports/language-resources.ts';
import type { SqlEngineFactory } from '../../domain/ports/sql-engine.ts';
import { type TextPairRow, writeParquet } from './corpus.ts';
import * as datasets from './datasets.ts';
import { readParallel } from './parallel-files.ts';

/** Longest text that is taken, in UTF-16 units; a sentence is far shorter. */
const longest = 10_000;

export interface IngestServices {
  readonly lake: Lake;
  readonly sql: SqlEngineFactory;
  readonly scratch: string;
  readonly signal: AbortSignal;
}

export interface IngestedPart {
  readonly domain: string;
  readonly part: 'train' | 'dev';
  readonly rows: number;
  readonly refused: number;
}

/** Puts parallel text into the lake. The partition is there whole or not at all; lines at fault go to the quarantine. */
export function ingestParallel(
  prefix: string,
  pair: LanguagePair,
  part: 'train' | 'dev',
  services: IngestServices,
): Promise<IngestedPart> {
  const lines = async function* (): AsyncGenerator<Numbered> {
    for await (const { line, source, target } of readParallel(prefix, pair))
      yield { number: line, source, target, domain: '' };
  };
  return ingest(lines(), { pair, domain: datasets.generalDomain, part }, services);
}

/**
 * Puts the newest version of a memory into the lake.
 *
 * @throws DATA_MISSING when there is no such memory, PARAMETER_INVALID when it is of another pair.
 */
export async function ingestMemory(
  id: string,
  pair: LanguagePair,
  { memories, clock }: { readonly memories: LanguageResourceRepository; readonly clock: Clock },
  services: IngestServices,
): Promise<IngestedPart> {
  const memory = await memories.get(id);
  if (memory === null)
    throw new PerennialError('DATA_MISSING', `memories: there is no memory "${id}".`, {
      remedy: '`perennial memories` lists those there are; `perennial memories import` fills one.',
    });
  if (memory.source !== pair.source || memory.target !== pair.target)
    throw new PerennialError(
      'PARAMETER_INVALID',
      `memories: "${id}" translates ${memory.source} to ${memory.target}, not ${pair.source} to ${pair.target}.`,
      { remedy: 'Name memories of the pair that is trained.' },
    );
  const entries = async function* (): AsyncGenerator<Numbered> {
    let number = 0;
    for await (const page of await createMemoryService({ memories, clock }).stream(id, memory.version)) {
      for (const { source, target, domain } of page)
        yield { number: ++number, source, target, domain: domain || memory.domain || id };
    }
  };
  return ingest(entries(), { pair, domain: id, part: 'train' }, services);
}

interface Numbered extends TextPairRow {
  readonly number: number;
}

async function ingest(
  rows: AsyncIterable<Numbered>,
  { pair, domain, part }: { readonly pair: LanguagePair; readonly domain: string; readonly part: 'train' | 'dev' },
  { lake, sql, scratch, signal }: IngestServices,
): Promise<IngestedPart> {
  const partition = { pair: `${pair.source}-${pair.target}`, domain, part };
  const folder = await mkdtemp(join(scratch, 'ingest-'));
  const refused: { line: number; reason: string; source: string; target: string }[] = [];
  const good = async function* () {
    for await (const { number, source, target, domain: topic } of rows) {
      signal.throwIfAborted();
      const reason = faultOf(source) ?? faultOf(target);
      if (reason === undefined) yield { source, target, domain: topic };
      else refused.push({ line: number, reason, source: source.slice(0, longest), target: target.slice(0, longest) });
    }
  };
  const { rows: count } = await lake.replace(datasets.parallel, partition, async (target) => ({
    rows: await writeParquet(
      good(),
      { source: 'varchar', target: 'varchar', domain: 'varchar' },
      join(target, 'part-0.parquet'),
      { sql, scratch: folder },
    ),
  }));
  if (refused.length === 0) await lake.remove(datasets.quarantine, partition);
  else {
    await lake.replace(datasets.quarantine, partition, async (target) => ({
      rows: await writeParquet(
        refused,
        { line: 'bigint', reason: 'varchar', source: 'varchar', target: 'varchar' },
        join(target, 'part-0.parquet'),
        { sql, scratch: folder },
      ),
    }));
  }
  return { domain, part, rows: count, refused: refused.length };
}

function faultOf(text: string): string | undefined {
  if (text.trim() === '') return 'a side is empty';
  if (text.length > longest) return `a side is longer than ${longest} characters`;
  if (text.includes('\uFFFD')) return 'a side is not UTF-8';
  return undefined;
}
