import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PerennialError } from '../../contracts/errors.ts';
import { PrismaClient } from './generated/client.ts';

export type { PrismaClient };
/** A client or a transaction of it. */
export type Executor = Pick<PrismaClient, '$queryRaw' | '$executeRaw'>;

export interface Connection {
  readonly prisma: PrismaClient;
  /** The same connections without Prisma, whose client costs 2 to 3 ms a statement: for what every step does. */
  readonly pool: pg.Pool;
}

/** @param pool connections at most. A connection that cannot be had within 5 s is an error, so that callers can say so. */
export function openConnection(url: string, pool: number): Connection {
  const connections = new pg.Pool({
    connectionString: url,
    max: pool,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
  });
  // An idle connection that breaks is replaced; whoever asks next sees whether the server is away.
  connections.on('error', () => {});
  const adapter = new PrismaPg(connections, { disposeExternalPool: true });
  return { prisma: new PrismaClient({ adapter }), pool: connections };
}

const names = new WeakMap<TemplateStringsArray, string>();
let named = 0;

/** A statement with its values as parameters, for {@link Connection.pool}; prepared once on each connection. */
export function sql(texts: TemplateStringsArray, ...values: readonly unknown[]): pg.QueryConfig {
  const name = names.get(texts) ?? `perennial_${named++}`;
  names.set(texts, name);
  return { name, text: texts.reduce((text, part, i) => `${text}$${i}${part}`), values: [...values] };
}

/**
 * A value for a JSON parameter of raw SQL; write the parameter as `${json(x)}::jsonb`. jsonb holds no NUL, which is left
 * out, and no half of a surrogate pair, for which U+FFFD stands: whoever shortens a text may cut a pair in two.
 */
export function json(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, member: unknown) =>
    typeof member === 'string' ? member.replaceAll('\u0000', '').replaceAll(/\p{Surrogate}/gu, '\uFFFD') : member,
  );
}

export function iso(date: Date): string;
export function iso(date: Date | null): string | null;
export function iso(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}

/** A date column's day, YYYY-MM-DD. */
export function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** As `iso` writes it; PostgreSQL has no year 0. */
const cursorTime = /^(?!0000)\d{4}-\d{2}-\d{2}T[\d:.]{12}Z$/;
/** Text without NUL and halves of surrogate pairs, which PostgreSQL refuses. */
const storable = /^[^\0\p{Surrogate}]+$/u;

/** Opaque cursors of lists that are ordered by time and id. */
export const cursors = {
  write: (at: string, id: string): string => Buffer.from(JSON.stringify([at, id])).toString('base64url'),
  /** Time and id of the entry a page ended with; null without a cursor. VALIDATION_FAILED when it is none of ours. */
  read(cursor: string | undefined): { readonly at: Date; readonly id: string } | null {
    if (cursor === undefined) return null;
    try {
      const [at, id, ...more] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
      const time = typeof at === 'string' && cursorTime.test(at) ? Date.parse(at) : Number.NaN;
      if (!Number.isNaN(time) && typeof id === 'string' && storable.test(id) && more.length === 0)
        return { at: new Date(time), id };
    } catch {
      // Not even JSON.
    }
    throw new PerennialError('VALIDATION_FAILED', `The cursor "${cursor.slice(0, 100)}" is not one this API gave.`, {
      remedy: 'Use `next` of the page before, with the same filters.',
    });
  },
};
