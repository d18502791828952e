import type { Locker } from '../../domain/ports/schedules.ts';
import type { Connection } from './client.ts';

/** Locks of PostgreSQL, held by a connection of their own: they end with the process that holds them. */
export function locker({ pool }: Connection): Locker {
  return async (name, work) => {
    const client = await pool.connect();
    let isBroken = true;
    try {
      await client.query('select pg_advisory_lock(hashtext($1))', [`perennial:${name}`]);
      const result = await work();
      await client.query('select pg_advisory_unlock(hashtext($1))', [`perennial:${name}`]);
      isBroken = false;
      return result;
    } finally {
      // Closing the connection gives the lock back where unlocking did not come to it.
      client.release(isBroken);
    }
  };
}
