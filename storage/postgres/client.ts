import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.ts';

export type { PrismaClient };
/** A client or a transaction of it. */
export type Executor = Pick<PrismaClient, '$queryRaw' | '$executeRaw'>;

/** @param pool connections at most. A connection that cannot be had within 5 s is an error, so that callers can say so. */
export function openClient(url: string, pool: number): PrismaClient {
  const adapter = new PrismaPg({
    connectionString: url,
    max: pool,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
  });
  return new PrismaClient({ adapter });
}

/** A value for a JSON parameter of raw SQL; write the parameter as `${json(x)}::jsonb`. jsonb holds no NUL: it is left out. */
export function json(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, member: unknown) =>
    typeof member === 'string' ? member.replaceAll('\u0000', '') : member,
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

/** Opaque page cursors. */
export const cursors = {
  write: (parts: readonly string[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url'),
  /** The parts, or null when it is not a cursor of ours. */
  read: (cursor: string): string[] | null => {
    try {
      const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
      return Array.isArray(parts) && parts.every((p) => typeof p === 'string') ? parts : null;
    } catch {
      return null;
    }
  },
};
