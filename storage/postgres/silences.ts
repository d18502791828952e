import { randomUUID } from 'node:crypto';
import type { Silence, SilenceMatch } from '../../contracts/alerts.ts';
import type { AlertRepository } from '../../domain/ports/alerts.ts';
import { type Connection, iso, json, sql } from './client.ts';

interface Row {
  readonly id: string;
  readonly match: SilenceMatch;
  readonly until: Date;
  readonly by: string;
  readonly reason: string;
  readonly created_at: Date;
  readonly ended_at: Date | null;
}

/** Silences that are shown when nobody asks for those in force only. */
const mostShown = 200;

export function silencesOf({ pool }: Connection): Pick<AlertRepository, 'silences' | 'createSilence' | 'endSilence'> {
  return {
    async silences({ activeAt = null }) {
      const { rows } = await pool.query<Row>(sql`
        select * from silences
        where ${activeAt}::timestamptz is null or (until > ${activeAt} and ended_at is null)
        order by ended_at is null desc, until desc, id limit ${mostShown}`);
      return rows.map(toSilence);
    },
    async createSilence({ match, until, by, reason, now }) {
      const { rows } = await pool.query<Row>(sql`
        insert into silences (id, match, until, by, reason, created_at)
        values (${randomUUID()}, ${json(match)}::jsonb, ${until}, ${by}, ${reason}, ${now}) returning *`);
      return toSilence(rows[0] as Row);
    },
    async endSilence(id, now) {
      const { rows } = await pool.query<Row>(sql`
        update silences set ended_at = ${now} where id = ${id} and ended_at is null and until > ${now} returning *`);
      return rows[0] ? toSilence(rows[0]) : null;
    },
  };
}

function toSilence({ created_at, ended_at, until, ...row }: Row): Silence {
  return { ...row, until: iso(until), createdAt: iso(created_at), endedAt: iso(ended_at) };
}
