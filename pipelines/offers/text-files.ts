import { once } from 'node:events';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { PerennialError } from '../../contracts/errors.ts';
import type { SalesFormat } from '../../contracts/sales-format.ts';
import type { SourceFile } from '../../domain/ports/sources.ts';

/** A header is looked for in so many characters at most. */
const longestHead = 1_048_576;

export interface CheckedText {
  /** Where it lies as UTF-8. */
  readonly path: string;
  readonly columns: readonly string[];
  readonly firstLine: string;
}

/**
 * Reads a text file once from end to end, to see that it is whole and in its encoding, and its header. One in another
 * encoding than UTF-8 is written as UTF-8 below `folder`.
 *
 * @throws SOURCE_INVALID when it is not, PARAMETER_INVALID for an encoding that nobody knows.
 */
export async function checkText(file: SourceFile, format: SalesFormat, folder: string): Promise<CheckedText> {
  const encoding = format.encoding ?? 'utf-8';
  const decoder = decoderOf(encoding);
  await refuseArchive(file);
  const raw = createReadStream(file.path);
  const stream = /\.gz$/i.test(file.path) ? raw.pipe(createGunzip()) : raw;
  raw.once('error', (error) => stream.destroy(error));
  const out =
    decoder.encoding === 'utf-8' ? undefined : join(folder, `${basename(file.path).replace(/\.gz$/i, '')}.utf8`);
  const writer = out === undefined ? undefined : createWriteStream(out);
  const lines = (format.skipLines ?? 0) + 1;
  let head = '';
  let line = 1;
  const take = async (chunk: Buffer | undefined): Promise<void> => {
    const text = decode(decoder, chunk, file, encoding, line);
    if (head.length < longestHead && head.split('\n', lines + 1).length <= lines) head += text;
    line += text.split('\n').length - 1;
    if (writer && text !== '') await write(writer, text);
  };
  try {
    for await (const chunk of stream) await take(chunk as Buffer);
    // A character cut off at the end of the file shows only now.
    await take(undefined);
    if (writer) {
      writer.end();
      await finished(writer);
    }
  } catch (error) {
    writer?.destroy();
    if (error instanceof PerennialError) throw error;
    throw new PerennialError(
      'SOURCE_INVALID',
      `${basename(file.name)} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      { remedy: 'Copy the file again; a file still being written is the usual cause.', cause: error },
    );
  }
  const first = head.replace(/^\uFEFF/, '').split('\n')[format.skipLines ?? 0] ?? '';
  const names = format.columnNames ?? headerOf(first, format, file);
  return { path: out ?? file.path, columns: namedOnce(names), firstLine: first };
}

/** The names in a header line. */
export function headerOf(line: string, format: SalesFormat, file: Pick<SourceFile, 'name'>): string[] {
  const { separator = ',', quote = '"', escape: escapeMark } = format;
  try {
    const options = {
      delimiter: separator,
      quote: quote === '' ? null : quote,
      escape: escapeMark ?? (quote || '"'),
      trim: true,
    };
    const [names = ['']] = parse(line.trimEnd(), { ...options, relax_quotes: true, to: 1 }) as string[][];
    return names;
  } catch (error) {
    throw new PerennialError(
      'SOURCE_INVALID',
      `${basename(file.name)} has a header that cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      { remedy: 'A quote in it has no end; headers of several lines cannot be read.', cause: error },
    );
  }
}

/** Names as DuckDB can take them: none empty, none twice, where case does not count. */
function namedOnce(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.map((given, i) => {
    const name = given === '' ? `column ${i + 1}` : given;
    let unique = name;
    for (let n = 2; seen.has(unique.toLowerCase()); n++) unique = `${name} (${n})`;
    seen.add(unique.toLowerCase());
    return unique;
  });
}

async function refuseArchive(file: SourceFile): Promise<void> {
  const handle = await open(file.path);
  const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0).finally(() => handle.close());
  if (buffer.toString('latin1') !== 'PK\u0003\u0004') return;
  throw new PerennialError('SOURCE_INVALID', `${basename(file.name)} is a zip archive or an Excel workbook.`, {
    remedy: 'Unpack it, or export the sheet as CSV.',
  });
}

async function write(writer: WriteStream, text: string): Promise<void> {
  if (writer.errored) throw writer.errored;
  if (!writer.write(text)) await once(writer, 'drain');
}

interface Decoder {
  readonly encoding: string;
  decode(chunk?: Buffer, options?: { stream: boolean }): string;
}

function decoderOf(encoding: string): Decoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch (error) {
    const message = 'is not the name of an encoding';
    throw new PerennialError('PARAMETER_INVALID', `mapping.format.encoding = "${encoding}" ${message}.`, {
      fields: [{ field: 'mapping.format.encoding', value: encoding, message }],
      remedy: 'Give one of https://encoding.spec.whatwg.org/#names-and-labels, such as utf-8, latin1 or utf-16le.',
      cause: error,
    });
  }
}

function decode(decoder: Decoder, chunk: Buffer | undefined, file: SourceFile, encoding: string, line: number): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch (error) {
    const name = encoding.toUpperCase();
    throw new PerennialError('SOURCE_INVALID', `${basename(file.name)} is not ${name} (after line ${line}).`, {
      remedy:
        'Save it as UTF-8, for example `iconv -f latin1 -t utf-8`, or name its encoding in the mapping: format.encoding.',
      cause: error,
    });
  }
}
