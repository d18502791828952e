import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { PerennialError } from '../../contracts/errors.ts';
import { shownLocation } from '../../contracts/source-location.ts';
import type { SourceFile, SourceReader, SourceRequest } from '../../domain/ports/sources.ts';
import { withDiskFull } from './disk.ts';
import { newFile } from './files.ts';

const connectMs = 15_000;
/** What may stand in the query of an address; others would change what a session may do. */
const knownOptions = ['sslmode', 'sslrootcert', 'sslnegotiation', 'uselibpqcompat', 'application_name', 'host', 'port'];
/** int8, int2, int4, float4, float8, numeric. */
const numberTypes = new Set([20, 21, 23, 700, 701, 1700]);

/**
 * A table, or what one SELECT gives, streamed to this machine in a transaction that can only read. The password comes from
 * the variable that the mapping names, else from the address, PGPASSWORD or the password file of libpq.
 */
export async function postgresTable(
  address: URL,
  { postgres, sample }: SourceRequest,
  { folder, signal, progress }: Parameters<SourceReader['bring']>[1],
  secret: (name: string) => string | undefined,
): Promise<SourceFile[]> {
  const shown = shownLocation(address.href).replace(/\?…$/, '');
  if (!postgres) {
    throw new PerennialError('PARAMETER_INVALID', `The mapping does not say what to read of ${shown}.`, {
      fields: [{ field: 'mapping.postgres', message: 'is required' }],
      remedy: 'Name a table or one SELECT: "postgres": { "table": "public.sales" }.',
    });
  }
  const select = postgres.table === undefined ? (postgres.query ?? '') : `select * from ${tableName(postgres.table)}`;
  const name = `${shown} ${postgres.table ?? 'query'}`;
  let socket: Socket | undefined;
  const client = new pg.Client({
    connectionString: connectionOf(address, postgres.passwordEnv, secret),
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    stream: () => {
      socket = new Socket();
      return socket;
    },
  });
  // A connection that is lost fails what is under way; without a listener it would end the process as well.
  client.on('error', () => {});
  const abort = (): void => void socket?.destroy();
  signal?.addEventListener('abort', abort);
  const path = newFile(folder);
  try {
    signal?.throwIfAborted();
    await client.connect();
    await client.query(`begin transaction read only; set local datestyle = 'ISO, YMD'; set local timezone = 'UTC'`);
    // The protocol of prepared statements takes one statement only, and a cursor only a query: no text can be more.
    const declared = { text: `declare perennial_source no scroll cursor for ${select}`, queryMode: 'extended' };
    await client.query(declared as pg.QueryConfig);
    const { fields } = await client.query('fetch 0 from perennial_source');
    await client.query('close perennial_source');
    const query = select.replace(/[;\s]+$/, '');
    const limited = sample ? `select * from (${query}\n) as sampled limit ${sample.rows}` : `${query}\n`;
    const rows = client.query(copyTo(`copy (${limited}) to stdout (format csv, header true, encoding 'UTF8')`));
    let bytes = 0;
    const count = async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        progress?.(Math.round(bytes / 2 ** 20), 0, 'MiB');
        yield chunk;
      }
    };
    await withDiskFull(() => pipeline(rows, count, createWriteStream(path)));
    await client.query('rollback');
    await rename(path, `${path}.csv`);
    const numbers = fields.filter(({ dataTypeID }) => numberTypes.has(dataTypeID)).map((field) => field.name);
    return [{ path: `${path}.csv`, name, kind: 'text', plain: { numbers } }];
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof PerennialError ? error : failureOf(error, name);
  } finally {
    signal?.removeEventListener('abort', abort);
    await client.end().catch(() => {});
  }
}

function tableName(table: string): string {
  return table.split('.').map(pg.escapeIdentifier).join('.');
}

function connectionOf(
  address: URL,
  passwordEnv: string | undefined,
  secret: (name: string) => string | undefined,
): string {
  const unknown = [...address.searchParams.keys()].filter((key) => !knownOptions.includes(key));
  if (unknown.length > 0) {
    throw new PerennialError(
      'SOURCE_INVALID',
      `The address of PostgreSQL has the option ${unknown.join(', ')}, which is not taken.`,
      {
        remedy: `Options are ${knownOptions.join(', ')}; a password goes into the variable that mapping.postgres.passwordEnv names.`,
      },
    );
  }
  const url = new URL(address);
  if (passwordEnv !== undefined) {
    const password = secret(passwordEnv);
    if (!password) {
      throw new PerennialError(
        'SOURCE_INVALID',
        `The environment variable ${passwordEnv} of mapping.postgres.passwordEnv is not set.`,
        {
          remedy: 'Set it where the ingest runs: for the command, or for the workers.',
        },
      );
    }
    url.password = encodeURIComponent(password);
  }
  return url.href;
}

/** Fails of the server's class 08, 53, 57 and 58, and of the network, may be over later. */
function failureOf(error: unknown, name: string): PerennialError {
  const { code = '', message } = error as { code?: string; message: string };
  const ofServer = /^[0-9A-Z]{5}$/.test(code);
  const ofCaller = ofServer ? !/^(08|53|57|58)/.test(code) : /password/.test(message);
  const remedy =
    /^28/.test(code) || /password/.test(message)
      ? 'Give the password by the variable that mapping.postgres.passwordEnv names, PGPASSWORD or a password file.'
      : 'Check the address, the table or query, and what the role may read.';
  return new PerennialError(
    ofCaller ? 'SOURCE_INVALID' : 'UNAVAILABLE',
    `${name} cannot be read: ${message || code}.`,
    {
      remedy,
      // The cause of the driver may hold how it was connected to.
    },
  );
}
