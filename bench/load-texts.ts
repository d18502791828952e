import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Value } from 'typebox/value';
import { PerennialError } from '../contracts/errors.ts';
import type { ModelVersion } from '../contracts/models.ts';
import type { Random } from '../domain/nlp/random.ts';
import { placeholdersOf } from '../domain/nlp/text/index.ts';
import { loadCorpus } from '../pipelines/translation/corpus.ts';
import { CorporaOutput } from '../pipelines/translation/outputs.ts';
import type { Composed } from '../workers/compose.ts';

/** Sentences of a file, one a line; a name that ends with .gz is unpacked. SOURCE_INVALID when it cannot be read or has none. */
export function sentencesOfFile(file: string): string[] {
  let text: string;
  try {
    const bytes = readFileSync(file);
    text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (cause) {
    throw new PerennialError('SOURCE_INVALID', `${file} cannot be read: ${(cause as Error).message}.`, {
      fields: [{ field: 'in', value: file, message: 'cannot be read' }],
      remedy: 'Give the path of a text file, one sentence a line.',
      cause,
    });
  }
  const sentences = text.split('\n').flatMap((line) => line.trim() || []);
  if (sentences.length > 0) return sentences;
  throw new PerennialError('SOURCE_INVALID', `${file} has no sentence.`, {
    fields: [{ field: 'in', value: file, message: 'is empty' }],
    remedy: 'Give a text file, one sentence a line.',
  });
}

/**
 * Sentences of a model's own development sets, of its domain where it has one, without those that have tags or variables.
 * DATA_MISSING when the run that made the model, or what it kept, is no longer there.
 */
async function developmentSentences(
  version: ModelVersion,
  { database, services }: Pick<Composed, 'database' | 'services'>,
): Promise<string[]> {
  const run = String(version.lineage['run']);
  const { preprocess } = await database.runs.outputs(run, ['preprocess']);
  if (!Value.Check(CorporaOutput, preprocess)) {
    throw new PerennialError('DATA_MISSING', `The run ${run} that made ${version.model} has left no development set.`, {
      remedy: 'Name a file of sentences by --in.',
    });
  }
  const rows = await loadCorpus((preprocess.domain ?? preprocess.general).dev, services);
  return rows.map(({ source }) => source).filter((source) => placeholdersOf(source).length === 0);
}

/** Sentences of a file, or of the model's own development sets where none is given. Errors as of both. */
export async function loadSentences(
  file: string | undefined,
  version: ModelVersion,
  composed: Pick<Composed, 'database' | 'services'>,
): Promise<string[]> {
  return file === undefined ? developmentSentences(version, composed) : sentencesOfFile(file);
}

/** Texts of one to three sentences, drawn at random. */
export function drawTexts(count: number, sentences: readonly string[], random: Random): string[] {
  const draw = (): string => sentences[random.below(sentences.length)] as string;
  return Array.from({ length: count }, () => Array.from({ length: 1 + random.below(3) }, draw).join(' '));
}
