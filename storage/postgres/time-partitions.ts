import type pg from 'pg';
import { sql } from './client.ts';
import { transaction } from './transaction.ts';

/** A partition is a month or a day, in UTC. */
export type PartitionUnit = 'month' | 'day';

export interface TimePartitions {
  /** Makes the partitions that these times need. @returns those made, YYYY-MM or YYYY-MM-DD. */
  make(times: Iterable<Date>): Promise<string[]>;
  /**
   * Makes the partitions of now and after it, and drops those that ended more than `keepMs` ago. Any number of processes may do
   * this at any time.
   */
  turnOver(now: Date, keepMs: number): Promise<{ made: string[]; dropped: string[] }>;
}

/** A table that PostgreSQL partitions by time, so that what is old goes at once and without a trace. */
export function timePartitions(
  pool: pg.Pool,
  { table, unit }: { readonly table: string; readonly unit: PartitionUnit },
): TimePartitions {
  const length = unit === 'month' ? 7 : 10;
  const nameOf = (date: Date): string => date.toISOString().slice(0, length);
  const startOf = (name: string): Date => new Date(`${name}${unit === 'month' ? '-01' : ''}T00:00:00Z`);
  const after = (name: string): string => {
    const next = startOf(name);
    if (unit === 'month') next.setUTCMonth(next.getUTCMonth() + 1);
    else next.setUTCDate(next.getUTCDate() + 1);
    return nameOf(next);
  };
  const partition = (name: string): string => `${table}_${name.replaceAll('-', '_')}`;
  const existing = async (): Promise<Set<string>> => {
    const { rows } = await pool.query<{ name: string }>(sql`
      select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = ${table}::regclass`);
    return new Set(rows.map(({ name }) => name.slice(table.length + 1).replaceAll('_', '-')));
  };
  // Names and bounds cannot be parameters of such a statement; a time holds digits only.
  const alter = (statement: string): Promise<void> =>
    transaction(pool, async (tx) => {
      // Whoever waits for this lock makes others wait: better to give up and come again.
      await tx.query("set local lock_timeout = '5s'");
      await tx.query('select pg_advisory_xact_lock(hashtext($1))', [table]);
      await tx.query(statement);
    });
  const make = async (wanted: Iterable<string>): Promise<string[]> => {
    const there = await existing();
    const missing = [...new Set(wanted)].filter((name) => !there.has(name));
    for (const name of missing)
      await alter(
        `create table if not exists ${partition(name)} partition of ${table}
         for values from ('${startOf(name).toISOString()}') to ('${startOf(after(name)).toISOString()}')`,
      );
    return missing;
  };

  return {
    make: (times) => make(Array.from(times, nameOf)),
    async turnOver(now, keepMs) {
      const current = nameOf(now);
      const made = await make([current, after(current)]);
      const old = [...(await existing())]
        .filter((name) => startOf(after(name)).getTime() <= now.getTime() - keepMs)
        .sort();
      for (const name of old) await alter(`drop table if exists ${partition(name)}`);
      return { made, dropped: old };
    },
  };
}
