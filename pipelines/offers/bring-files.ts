import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { PerennialError } from '../../contracts/errors.ts';
import type { SalesMapping } from '../../contracts/sales-mapping.ts';
import { parseSourceLocation } from '../../contracts/source-location.ts';
import type { SourceReader } from '../../domain/ports/sources.ts';
import type { BroughtFiles } from './ingest-read.ts';

export interface BringOptions {
  readonly source: string;
  readonly mapping: SalesMapping;
  readonly scratch: string;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((done: number, total: number, unit: string) => void) | undefined;
}

/** Brings the files of the source and of the tables it is joined with. */
export async function bringFiles(
  sources: SourceReader,
  { source, mapping, scratch, signal, progress }: BringOptions,
): Promise<BroughtFiles> {
  const options = { folder: scratch, ...(signal ? { signal } : {}), ...(progress ? { progress } : {}) };
  const joins = await Promise.all(
    (mapping.join ?? []).map(async (join) => ({
      name: join.name,
      location: await besideSource(join.source, source),
      isBeside: isName(join.source),
    })),
  );
  const { files, postgres, http } = mapping;
  const sales = await sources.bring(
    {
      location: source,
      // A table that is joined may lie among the sales.
      except: joins.flatMap(({ location, isBeside }) => (isBeside ? [basename(location)] : [])),
      ...(files === undefined ? {} : { files }),
      ...(postgres ? { postgres } : {}),
      ...(http ? { http } : {}),
    },
    options,
  );
  const joined = new Map<string, Awaited<ReturnType<SourceReader['bring']>>>();
  for (const { name, location } of joins) {
    const { files: _, ...access } = http ?? {};
    // The header of authorization is for the host of the source.
    const isSameHost = http !== undefined && originOf(location) === originOf(source);
    joined.set(name, await sources.bring({ location, ...(isSameHost ? { http: access } : {}) }, options));
  }
  return { sales, joined };
}

/** Whether a text names a file relative to the source. */
function isName(text: string): boolean {
  return parseSourceLocation(text).kind === 'file' && !isAbsolute(text);
}

function originOf(text: string): string | undefined {
  const location = parseSourceLocation(text);
  return location.kind === 'http' ? location.url.origin : undefined;
}

/** A file's place when its name is taken to be beside the source. */
async function besideSource(name: string, source: string): Promise<string> {
  if (!isName(name)) return name;
  const location = parseSourceLocation(source);
  if (location.kind === 'file') {
    const isFolder = await stat(location.path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    return resolve(isFolder ? location.path : dirname(location.path), name);
  }
  if (location.kind === 's3') {
    const { bucket, prefix } = location;
    const folder = /\.[a-z]+(\.gz)?$/i.test(basename(prefix)) ? dirname(prefix) : prefix.replace(/\/$/, '');
    return `s3://${bucket}/${join(folder === '.' ? '' : folder, name)}`;
  }
  if (location.kind === 'http') return new URL(name, location.url).href;
  throw new PerennialError('PARAMETER_INVALID', `mapping.join: "${name}" has no place beside a table of a database.`, {
    fields: [{ field: 'mapping.join', value: name, message: 'must be an absolute path or an address' }],
    remedy: 'Give an absolute path or an address, or join the tables in mapping.postgres.query.',
  });
}
