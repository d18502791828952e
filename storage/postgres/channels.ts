import { PerennialError } from '../../contracts/errors.ts';
import type { Channel, ChannelKind, ChannelSettings } from '../../contracts/notifications.ts';
import type { ChannelRepository, ChannelSecret } from '../../domain/ports/notifications.ts';
import { type Connection, iso, json, sql } from './client.ts';
import type { Vault } from './vault.ts';

interface Row {
  readonly id: string;
  readonly kind: ChannelKind;
  readonly settings: ChannelSettings;
  readonly sealed: string | null;
  readonly target: string;
  readonly enabled: boolean;
  readonly created_at: Date;
}

/** Channels; what they keep secret is encrypted. */
export function channelRepository({ pool }: Connection, vault: Vault): ChannelRepository {
  const seal = (id: string, secret: ChannelSecret): string => vault.seal(JSON.stringify(secret), placeOf(id));
  return {
    async list() {
      const { rows } = await pool.query<Row>(sql`select * from channels order by id`);
      return rows.map(toChannel);
    },
    async get(id) {
      const { rows } = await pool.query<Row>(sql`select * from channels where id = ${id}`);
      return rows[0] ? toChannel(rows[0]) : null;
    },
    async secret(id) {
      const { rows } = await pool.query<Row>(sql`select * from channels where id = ${id}`);
      const sealed = rows[0]?.sealed;
      return sealed ? (JSON.parse(vault.open(sealed, placeOf(id))) as ChannelSecret) : null;
    },
    async create({ id, kind, settings, target, secret }, now) {
      const { rows } = await pool.query<Row>(sql`
        insert into channels (id, kind, settings, sealed, target, created_at)
        values (${id}, ${kind}, ${json(settings)}::jsonb, ${secret ? seal(id, secret) : null}, ${target}, ${now})
        on conflict (id) do nothing returning *`);
      if (rows[0]) return toChannel(rows[0]);
      throw new PerennialError('CONFLICT', `There is a channel "${id}" already.`, {
        remedy: 'Change it, or choose another id.',
      });
    },
    async change(id, { settings, enabled, target, secret }) {
      const { rows } = await pool.query<Row>(sql`
        update channels set settings = coalesce(${settings ? json(settings) : null}::jsonb, settings),
          enabled = coalesce(${enabled ?? null}::boolean, enabled), target = coalesce(${target ?? null}, target),
          sealed = coalesce(${secret ? seal(id, secret) : null}, sealed)
        where id = ${id} returning *`);
      return rows[0] ? toChannel(rows[0]) : null;
    },
    async remove(id) {
      return ((await pool.query(sql`delete from channels where id = ${id}`)).rowCount ?? 0) > 0;
    },
  };
}

function placeOf(id: string): string {
  return `channel ${id}`;
}

function toChannel({ sealed: _, created_at, ...row }: Row): Channel {
  return { ...row, createdAt: iso(created_at) };
}
