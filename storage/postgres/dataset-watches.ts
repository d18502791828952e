import type { DatasetLook } from '../../contracts/webhooks.ts';
import type { DatasetWatchRepository } from '../../domain/ports/webhooks.ts';
import { type Connection, iso, json, sql } from './client.ts';
import type { DatasetWatch as Row } from './generated/client.ts';
import { taken } from './webhook-sources.ts';

export function datasetWatchRepository({ prisma: db, pool }: Connection): DatasetWatchRepository {
  const toWatch = (row: Row) => ({
    ...row,
    createdAt: iso(row.createdAt),
    lookedAt: iso(row.lookedAt),
    error: row.error as DatasetLook['error'],
  });
  return {
    async create(watch) {
      try {
        return toWatch(await db.datasetWatch.create({ data: watch }));
      } catch (error) {
        throw taken(error, `There is a watch "${watch.id}" already.`);
      }
    },
    list: async () => (await db.datasetWatch.findMany({ orderBy: { id: 'asc' } })).map(toWatch),
    async looked(id, at, error) {
      await pool.query(sql`
        update dataset_watches set looked_at = ${at}, error = ${error && json(error)}::jsonb where id = ${id}`);
    },
    remove: async (id) => (await db.datasetWatch.deleteMany({ where: { id } })).count > 0,
  };
}
