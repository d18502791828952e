import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceFile, SourceRequest } from '../../domain/ports/sources.ts';

const readable = /\.(csv|tsv|csv\.gz|tsv\.gz|parquet)$/i;

/** Says whether a file of a folder or prefix is wanted, by its name without folders. */
export function wanted({ files, except = [] }: Pick<SourceRequest, 'files' | 'except'>): (name: string) => boolean {
  const pattern = files === undefined ? readable : globOf(files);
  return (name) => pattern.test(name) && !except.includes(name);
}

/** `*` stands for any text, `?` for a character. */
function globOf(glob: string): RegExp {
  const literal = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'is');
}

/** A new file below `folder`, to be filled; `kindOf` then tells what came. */
export function newFile(folder: string): string {
  return join(folder, `source-${randomBytes(8).toString('hex')}`);
}

/** What a file holds, by its first bytes. */
export async function kindOf(path: string): Promise<{ kind: SourceFile['kind']; isGzip: boolean; head: string }> {
  const handle = await open(path);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, 0).finally(() => handle.close());
  const head = buffer.toString('latin1', 0, bytesRead);
  return { kind: head.startsWith('PAR1') ? 'parquet' : 'text', isGzip: head.startsWith('\u001f\u008b'), head };
}
