import type { DatasetWatchRepository } from '../../domain/ports/webhooks.ts';
import { type Connection, iso } from './client.ts';
import type { DatasetWatch as Row } from './generated/client.ts';
import { taken } from './webhook-sources.ts';

export function datasetWatchRepository({ prisma: db }: Connection): DatasetWatchRepository {
  const toWatch = (row: Row) => ({ ...row, createdAt: iso(row.createdAt) });
  return {
    async create(watch) {
      try {
        return toWatch(await db.datasetWatch.create({ data: watch }));
      } catch (error) {
        throw taken(error, `There is a watch "${watch.id}" already.`);
      }
    },
    list: async () => (await db.datasetWatch.findMany({ orderBy: { id: 'asc' } })).map(toWatch),
    remove: async (id) => (await db.datasetWatch.deleteMany({ where: { id } })).count > 0,
  };
}
