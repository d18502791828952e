import { randomUUID } from 'node:crypto';
import type { ApiKey, Role } from '../../contracts/keys.ts';
import type { AuditLog, KeyRepository } from '../../domain/ports/keys.ts';
import { iso, type PrismaClient } from './client.ts';
import type { ApiKey as Row } from './generated/client.ts';

export function keyRepository(db: PrismaClient): KeyRepository {
  const toKey = (row: Row): ApiKey => ({
    id: row.id,
    name: row.name,
    role: row.role as Role,
    createdAt: iso(row.createdAt),
    expiresAt: iso(row.expiresAt),
    revokedAt: iso(row.revokedAt),
    lastUsedAt: iso(row.lastUsedAt),
  });
  return {
    create: async (key) => toKey(await db.apiKey.create({ data: { id: randomUUID(), ...key } })),
    async byHash(hash) {
      const row = await db.apiKey.findUnique({ where: { hash } });
      return row && toKey(row);
    },
    list: async () => (await db.apiKey.findMany({ orderBy: { createdAt: 'desc' } })).map(toKey),
    async revoke(id) {
      await db.apiKey.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: new Date() } });
      return (await db.apiKey.count({ where: { id } })) > 0;
    },
    async touch(id) {
      await db.apiKey.updateMany({ where: { id }, data: { lastUsedAt: new Date() } });
    },
    count: () => db.apiKey.count(),
  };
}

export function auditLog(db: PrismaClient): AuditLog {
  return {
    async write(entry) {
      await db.auditEntry.create({ data: entry });
    },
  };
}
