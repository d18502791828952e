import { randomUUID } from 'node:crypto';
import type { ApiKey, Role } from '../../contracts/keys.ts';
import type { KeyRepository, SessionRepository } from '../../domain/ports/keys.ts';
import { type Connection, iso, sql } from './client.ts';
import type { ApiKey as Row } from './generated/client.ts';

function toKey(row: Row): ApiKey {
  return {
    id: row.id,
    name: row.name,
    role: row.role as Role,
    createdAt: iso(row.createdAt),
    expiresAt: iso(row.expiresAt),
    revokedAt: iso(row.revokedAt),
    lastUsedAt: iso(row.lastUsedAt),
  };
}

export function keyRepository({ prisma: db, pool }: Connection): KeyRepository {
  return {
    create: async (key) => toKey(await db.apiKey.create({ data: { id: randomUUID(), ...key } })),
    async byHash(hash) {
      // Every request asks this.
      const { rows } = await pool.query<Row>(sql`
        select id, name, role, created_at as "createdAt", expires_at as "expiresAt", revoked_at as "revokedAt",
          last_used_at as "lastUsedAt"
        from api_keys where hash = ${hash}`);
      return rows[0] ? toKey(rows[0]) : null;
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

export function sessionRepository({ prisma: db, pool }: Connection): SessionRepository {
  return {
    async open(session) {
      await db.session.create({ data: session });
    },
    async find(hash, seenSince) {
      // Every request of a browser asks this.
      const { rows } = await pool.query<Row & { readonly lastSeenAt: Date }>(sql`
        select k.id, k.name, k.role, k.created_at as "createdAt", k.expires_at as "expiresAt", k.revoked_at as "revokedAt",
          k.last_used_at as "lastUsedAt", s.last_seen_at as "lastSeenAt"
        from sessions s join api_keys k on k.id = s.key_id where s.hash = ${hash} and s.last_seen_at >= ${seenSince}`);
      return rows[0] ? { key: toKey(rows[0]), lastSeenAt: iso(rows[0].lastSeenAt) } : null;
    },
    async touch(hash) {
      await db.session.updateMany({ where: { hash }, data: { lastSeenAt: new Date() } });
    },
    async end(hash) {
      await db.session.deleteMany({ where: { hash } });
    },
    forget: async (seenSince) => (await db.session.deleteMany({ where: { lastSeenAt: { lt: seenSince } } })).count,
  };
}
