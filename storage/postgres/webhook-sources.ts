import { randomUUID } from 'node:crypto';
import { PerennialError } from '../../contracts/errors.ts';
import type { WebhookSource, WebhookStart } from '../../contracts/webhooks.ts';
import type { WebhookSourceRepository } from '../../domain/ports/webhooks.ts';
import { type Connection, iso, type PrismaClient, sql } from './client.ts';
import { Prisma, type WebhookSource as Row, type WebhookSecret } from './generated/client.ts';
import type { Vault } from './vault.ts';

type FullRow = Row & { secrets: WebhookSecret[] };
/** A source with its secrets as the pg driver gives them. */
interface SourceRow {
  readonly scheme: string;
  readonly event_type: string | null;
  readonly tolerance_seconds: number;
  readonly enabled: boolean;
  readonly starts: Row['starts'];
  readonly created_at: Date;
  readonly secrets: readonly {
    readonly id: string;
    readonly sealed: string;
    readonly createdAt: string;
    readonly expiresAt: string | null;
  }[];
}
const withAll = { secrets: { orderBy: { createdAt: 'desc' } } } as const;

export function webhookSourceRepository({ prisma: db, pool }: Connection, vault: Vault): WebhookSourceRepository {
  const find = (id: string): Promise<FullRow | null> =>
    db.webhookSource.findUnique({ where: { id }, include: withAll });
  const get = async (id: string): Promise<WebhookSource | null> => {
    const row = await find(id);
    return row && toSource(row);
  };
  return {
    async create({ id, starts, ...rest }, secret) {
      const first = sealed(vault, id, secret);
      try {
        const data = { id, ...rest, starts: starts ?? Prisma.DbNull, secrets: { create: first } };
        return toSource(await db.webhookSource.create({ data, include: withAll }));
      } catch (error) {
        throw taken(error, `There is a webhook source "${id}" already.`);
      }
    },
    list: async () =>
      (await db.webhookSource.findMany({ include: withAll, orderBy: { id: 'asc' } })).map((row) => toSource(row)),
    get,
    // What every webhook asks for: one statement, without the client's overhead.
    async withSecrets(id, now) {
      const { rows } = await pool.query<SourceRow>(sql`
        select s.*, coalesce((
          select json_agg(json_build_object('id', k.id, 'sealed', k.sealed, 'createdAt', k.created_at, 'expiresAt', k.expires_at)
            order by k.created_at desc)
          from webhook_secrets k where k.source_id = s.id), '[]') as secrets
        from webhook_sources s where s.id = ${id}`);
      const row = rows[0];
      if (!row) return null;
      const secrets = row.secrets.map((k) => ({
        ...k,
        sourceId: id,
        createdAt: new Date(k.createdAt),
        expiresAt: k.expiresAt === null ? null : new Date(k.expiresAt),
      }));
      const valid = secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
      const source = toSource({
        id,
        scheme: row.scheme,
        eventType: row.event_type,
        toleranceSeconds: row.tolerance_seconds,
        enabled: row.enabled,
        starts: row.starts,
        createdAt: row.created_at,
        secrets,
      });
      return { source, secrets: openAll(vault, id, valid) };
    },
    async change(id, { starts, ...rest }) {
      const data = { ...rest, ...(starts === undefined ? {} : { starts: starts ?? Prisma.DbNull }) };
      const { count } = await db.webhookSource.updateMany({ where: { id }, data });
      return count === 0 ? null : get(id);
    },
    async rotate(id, secret, until) {
      const next = sealed(vault, id, secret);
      const found = await db.$transaction(async (tx) => {
        if (!(await lock(tx, id))) return false;
        const [current] = await tx.webhookSecret.findMany({
          where: { sourceId: id, expiresAt: null },
          orderBy: { createdAt: 'desc' },
        });
        // Two are valid at a time: the one in use until now, and the new one.
        await tx.webhookSecret.deleteMany({ where: { sourceId: id, id: { not: current?.id ?? '' } } });
        await tx.webhookSecret.updateMany({ where: { sourceId: id }, data: { expiresAt: until } });
        await tx.webhookSecret.create({ data: { ...next, sourceId: id } });
        return true;
      });
      return found ? get(id) : null;
    },
    remove: async (id) => (await db.webhookSource.deleteMany({ where: { id } })).count > 0,
  };
}

/** Holds a source until the transaction ends; false when there is none. */
async function lock(tx: Pick<PrismaClient, '$queryRaw'>, id: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`select id from webhook_sources where id = ${id} for update`;
  return rows.length > 0;
}

function sealed(vault: Vault, sourceId: string, secret: string): { id: string; sealed: string } {
  const id = randomUUID();
  return { id, sealed: vault.seal(secret, placeOf(sourceId, id)) };
}

/**
 * The secrets that open. After the key was changed, the one before a rotation does not, and must not keep the new one
 * from being used; when none opens, CONFIG_INVALID.
 */
function openAll(vault: Vault, sourceId: string, given: readonly Pick<WebhookSecret, 'id' | 'sealed'>[]): string[] {
  const opened: string[] = [];
  let fault: unknown;
  for (const { id, sealed: text } of given) {
    try {
      opened.push(vault.open(text, placeOf(sourceId, id)));
    } catch (error) {
      fault = error;
    }
  }
  if (opened.length === 0 && fault !== undefined) throw fault;
  return opened;
}

function placeOf(sourceId: string, secretId: string): string {
  return `webhook source ${sourceId}, secret ${secretId}`;
}

/** CONFLICT with `message` when a unique value is taken. */
export function taken(error: unknown, message: string): unknown {
  const { code } = error as { code?: unknown };
  return code === 'P2002' ? new PerennialError('CONFLICT', message, { remedy: 'Choose another id.' }) : error;
}

function toSource({ secrets, ...row }: FullRow): WebhookSource {
  return {
    ...row,
    scheme: row.scheme as WebhookSource['scheme'],
    starts: row.starts as WebhookStart | null,
    createdAt: iso(row.createdAt),
    secrets: secrets.map((s) => ({ id: s.id, createdAt: iso(s.createdAt), expiresAt: iso(s.expiresAt) })),
  };
}
