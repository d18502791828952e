import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { Json } from '../../contracts/json.ts';
import type { ArtifactStore } from '../../domain/ports/artifacts.ts';
import type { SqlEngineFactory } from '../../domain/ports/sql-engine.ts';
import { quote } from '../../domain/preprocessing/sql.ts';

/** A text and its translation. */
export interface TextPairRow {
  readonly source: string;
  readonly target: string;
  /** What it is about; '' for no domain. */
  readonly domain: string;
}

type Row = Readonly<Record<string, string | number>>;

/** Writes rows into a Parquet file of these columns, in their order. @returns how many. */
export async function writeParquet(
  rows: AsyncIterable<Row> | Iterable<Row>,
  columns: Readonly<Record<string, 'varchar' | 'bigint'>>,
  file: string,
  { sql, scratch }: { readonly sql: SqlEngineFactory; readonly scratch: string },
): Promise<number> {
  const json = join(await mkdtemp(join(scratch, 'rows-')), 'rows.ndjson');
  const stream = createWriteStream(json);
  let count = 0;
  try {
    for await (const row of rows) {
      count++;
      if (!stream.write(`${JSON.stringify(row)}\n`)) await once(stream, 'drain');
    }
  } finally {
    stream.end();
    await finished(stream);
  }
  const types = Object.entries(columns).map(([name, type]) => `${name}: '${type}'`);
  const engine = await sql.open();
  try {
    await engine.execute(`set preserve_insertion_order = true;
      copy (select * from read_json(${quote(json)}, format = 'newline_delimited', columns = {${types.join(', ')}}))
      to ${quote(file)} (format parquet, compression zstd)`);
  } finally {
    await engine.close();
  }
  return count;
}

const pairColumns = { source: 'varchar', target: 'varchar', domain: 'varchar' } as const;

/** Stores pairs as an artifact: a Parquet file in the order given. */
export async function storeCorpus(
  rows: readonly TextPairRow[],
  services: { readonly artifacts: ArtifactStore; readonly sql: SqlEngineFactory; readonly scratch: string },
): Promise<ArtifactRef> {
  const file = join(await mkdtemp(join(services.scratch, 'corpus-')), 'pairs.parquet');
  const plain = function* (): Generator<Row> {
    for (const { source, target, domain } of rows) yield { source, target, domain };
  };
  await writeParquet(plain(), pairColumns, file, services);
  return services.artifacts.putFile(file);
}

/** Loads what {@link storeCorpus} stored. */
export async function loadCorpus(
  ref: ArtifactRef,
  { artifacts, sql }: { readonly artifacts: ArtifactStore; readonly sql: SqlEngineFactory },
): Promise<TextPairRow[]> {
  return readPairs([await artifacts.getFile(ref)], sql);
}

/** Pairs of Parquet files, in their order. */
export async function readPairs(files: readonly string[], sql: SqlEngineFactory): Promise<TextPairRow[]> {
  if (files.length === 0) return [];
  const engine = await sql.open();
  try {
    const columns = await engine.columns(
      `select source, target, domain from read_parquet([${files.map(quote).join(', ')}])`,
    );
    const [source, target, domain] = ['source', 'target', 'domain'].map((name) => (columns[name] ?? []) as Json[]);
    return (source ?? []).map((text, i) => ({
      source: String(text),
      target: String(target?.[i]),
      domain: String(domain?.[i]),
    }));
  } finally {
    await engine.close();
  }
}
