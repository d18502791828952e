import type { WorkerRecord, WorkerRole } from '../../contracts/workers.ts';
import type { WorkerRegistry } from '../../domain/ports/workers.ts';
import { type Connection, iso, sql } from './client.ts';

interface Row {
  readonly id: string;
  readonly role: WorkerRole;
  readonly started_at: Date;
  readonly beat_at: Date;
  readonly stopped_at: Date | null;
  readonly silent_ms: number;
}

/** Processes and their signs of life. */
export function workerRegistry({ pool }: Connection): WorkerRegistry {
  return {
    async beat({ id, role, isFirst }) {
      await pool.query(sql`
        insert into worker_processes as w (id, role, started_at, beat_at) values (${id}, ${role}, now(), now())
        on conflict (id) do update set role = excluded.role, beat_at = now(), stopped_at = null,
          started_at = case when ${isFirst}::boolean then now() else w.started_at end`);
    },
    async stopped(id) {
      await pool.query(sql`update worker_processes set stopped_at = now(), beat_at = now() where id = ${id}`);
    },
    async list() {
      const { rows } = await pool.query<Row>(sql`
        select *, extract(epoch from now() - beat_at)::double precision * 1000 as silent_ms
        from worker_processes order by role, started_at, id`);
      return rows.map(
        (row): WorkerRecord => ({
          id: row.id,
          role: row.role,
          startedAt: iso(row.started_at),
          beatAt: iso(row.beat_at),
          stoppedAt: iso(row.stopped_at),
          silentMs: row.stopped_at === null ? Math.max(0, row.silent_ms) : 0,
        }),
      );
    },
    async forget(silentMs) {
      const { rowCount } = await pool.query(sql`
        delete from worker_processes
        where (stopped_at is not null and stopped_at < now() - interval '1 hour')
          or beat_at < now() - ${silentMs} * interval '1 millisecond'`);
      return rowCount ?? 0;
    },
  };
}
