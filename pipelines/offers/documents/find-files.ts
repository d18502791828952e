import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { type ReadableFormat, readableFormatOf } from '../../../contracts/document-formats.ts';
import { PerennialError } from '../../../contracts/errors.ts';

/** A file that says something of a customer. */
export interface CustomerFile {
  readonly customer: string;
  /** Its name within the customer's folder, with `/`. */
  readonly source: string;
  readonly path: string;
  readonly format: ReadableFormat;
}

export interface FoundFiles {
  /** By customer and name. */
  readonly files: readonly CustomerFile[];
  /** Files whose endings say nothing that is read, such as pictures. */
  readonly others: readonly string[];
}

/**
 * The documents of a folder: a folder per customer, named by its id, with files at any depth; or a file per customer
 * (`12345.txt`). What begins with a dot, and links, are passed over.
 *
 * @throws SOURCE_INVALID when there is no such folder, or no document in it.
 */
export async function findDocuments(folder: string): Promise<FoundFiles> {
  const remedy =
    'Name a folder with a folder for each customer, named by its id, of .txt, .html, .docx and .pdf files.';
  if (!(await stat(folder).catch(() => null))?.isDirectory())
    throw new PerennialError('SOURCE_INVALID', `The folder of documents "${folder}" does not exist.`, { remedy });
  const files: CustomerFile[] = [];
  const others: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const parts = relative(folder, path).split(sep);
    if (!entry.isFile() || parts.some((part) => part.startsWith('.'))) continue;
    const format = readableFormatOf(entry.name);
    const alone = parts.length === 1;
    const customer = idOf(alone ? basename(entry.name).replace(/\.[^.]*$/, '') : (parts[0] as string));
    if (!format || customer === '') others.push(parts.join('/'));
    else files.push({ customer, source: alone ? entry.name : parts.slice(1).join('/'), path, format });
  }
  if (files.length === 0)
    throw new PerennialError('SOURCE_INVALID', `There is no document in the folder "${folder}".`, { remedy });
  const order = ({ customer, source }: CustomerFile) => `${customer}\0${source}`;
  files.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  return { files, others: others.sort() };
}

/** As sales have it: without the decimals that spreadsheets add. */
function idOf(name: string): string {
  return name.trim().replace(/\.0+$/, '');
}
