import type { ReplicaState } from '../../contracts/serving.ts';
import type { ReplicaRegistry } from '../../domain/ports/serving.ts';
import { type Connection, iso, sql } from './client.ts';
import type { Watcher } from './watcher.ts';

export const servingChannel = 'perennial_serving';

interface Row {
  readonly id: string;
  readonly address: string;
  readonly state: ReplicaState;
  readonly graphs: string[];
  readonly key: Buffer;
  readonly started_at: Date;
  readonly last_seen_at: Date;
  readonly seen_ago_ms: number;
}

/** Replicas of serving; all times are those of PostgreSQL, as the clocks of machines differ. */
export function replicaRegistry({ pool }: Connection, watcher: Watcher): ReplicaRegistry {
  return {
    async announce({ id, address, state, graphs, key, startedAt }) {
      await pool.query(sql`
        with announced as (
          insert into serving_replicas (id, address, state, graphs, key, started_at)
          values (${id}, ${address}, ${state}, ${graphs}, ${Buffer.from(key)}, ${startedAt})
          on conflict (id) do update set address = excluded.address, state = excluded.state, graphs = excluded.graphs,
            key = excluded.key, last_seen_at = now()
          returning id
        )
        select pg_notify(${servingChannel}, '') from announced`);
    },
    async beat(id) {
      const { rowCount } = await pool.query(sql`update serving_replicas set last_seen_at = now() where id = ${id}`);
      return rowCount === 1;
    },
    async withdraw(id) {
      await pool.query(sql`
        with withdrawn as (delete from serving_replicas where id = ${id} returning id)
        select pg_notify(${servingChannel}, '') from withdrawn`);
    },
    async removeUnseen(ms) {
      const { rowCount } = await pool.query(sql`
        delete from serving_replicas where last_seen_at < now() - ${ms} * interval '1 millisecond'`);
      return rowCount ?? 0;
    },
    async list() {
      const { rows } = await pool.query<Row>(sql`
        select *, (extract(epoch from now() - last_seen_at) * 1000)::float8 as seen_ago_ms
        from serving_replicas order by started_at, id`);
      return rows.map(({ id, address, state, graphs, key, started_at, last_seen_at, seen_ago_ms }) => ({
        id,
        address,
        state,
        graphs,
        key: new Uint8Array(key),
        startedAt: iso(started_at),
        lastSeenAt: iso(last_seen_at),
        seenAgoMs: seen_ago_ms,
      }));
    },
    watch: (wake) => watcher.watch('', wake),
  };
}
