import { createReadStream, existsSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { PerennialError } from '../../contracts/errors.ts';
import type { LanguagePair } from '../../domain/nlp/translator/index.ts';

/** A line of both files. */
export interface ParallelLine {
  /** From 1. */
  readonly line: number;
  readonly source: string;
  readonly target: string;
}

/**
 * Lines of parallel text, one sentence a line: PREFIX.en and PREFIX.de for en-de, or the same with .gz.
 *
 * @throws SOURCE_INVALID when a file is missing, cannot be read, or has another number of lines than its partner.
 */
export async function* readParallel(prefix: string, pair: LanguagePair): AsyncGenerator<ParallelLine> {
  const files = [findFile(prefix, pair.source), findFile(prefix, pair.target)] as const;
  const [left, right] = files.map(linesOf) as [AsyncGenerator<string>, AsyncGenerator<string>];
  try {
    for (let line = 1; ; line++) {
      const [source, target] = [await left.next(), await right.next()];
      if (source.done && target.done) return;
      if (source.done || target.done) {
        const [short, long] = source.done ? files : ([files[1], files[0]] as const);
        throw new PerennialError(
          'SOURCE_INVALID',
          `${basename(short)} ends after ${line - 1} lines; ${basename(long)} goes on.`,
          { remedy: 'Give files whose lines are translations of each other.' },
        );
      }
      yield { line, source: source.value, target: target.value };
    }
  } finally {
    await Promise.all([left.return(undefined), right.return(undefined)]);
  }
}

function findFile(prefix: string, language: string): string {
  const names = [`${prefix}.${language}`, `${prefix}.${language}.gz`];
  const found = names.find(existsSync);
  if (found !== undefined) return found;
  throw new PerennialError('SOURCE_INVALID', `There is neither ${names[0]} nor ${names[1]}.`, {
    remedy: `Give the prefix of two files, one sentence a line, that end with .${language} and the other language.`,
  });
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const raw = createReadStream(file);
  const stream = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  raw.once('error', (error) => stream.destroy(error));
  try {
    yield* createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PerennialError('SOURCE_INVALID', `${basename(file)} cannot be read: ${reason}.`, {
      remedy: 'Copy the file again; a file still being written is the usual cause.',
      cause,
    });
  } finally {
    raw.destroy();
  }
}
