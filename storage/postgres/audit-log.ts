import type { AuditRecord } from '../../contracts/audit.ts';
import type { AuditLog } from '../../domain/ports/keys.ts';
import { type Connection, cursors, iso, json, sql } from './client.ts';
import { likePattern } from './like.ts';

type Row = Omit<AuditRecord, 'id' | 'at'> & { readonly id: string; readonly at: Date };

export function auditLog({ pool }: Connection): AuditLog {
  return {
    async write({ actor, action, subject, detail }) {
      await pool.query(sql`
        insert into audit_log (actor, action, subject, detail) values (${actor}, ${action}, ${subject}, ${json(detail)}::jsonb)`);
    },
    async list({ actor = null, from = null, to = null, limit, cursor, ...filter }) {
      const after = cursors.read(cursor);
      const [action, subject] = [filter.action, filter.subject].map((text) =>
        text === undefined ? null : likePattern(text),
      );
      const { rows } = await pool.query<Row>(sql`
        select id, at, actor, action, subject, detail from audit_log
        where (${actor}::text is null or actor = ${actor}) and (${action}::text is null or action like ${action})
          and (${subject}::text is null or subject like ${subject})
          and at >= coalesce(${from}::timestamptz, '-infinity') and at < coalesce(${to}::timestamptz, 'infinity')
          and (${after?.at ?? null}::timestamptz is null or (at, id) < (${after?.at ?? null}, ${after?.id ?? null}::bigint))
        order by at desc, id desc limit ${limit + 1}`);
      const entries = rows.slice(0, limit).map((row): AuditRecord => ({ ...row, id: Number(row.id), at: iso(row.at) }));
      const last = entries.at(-1);
      return { entries, next: rows.length > limit && last ? cursors.write(last.at, String(last.id)) : null };
    },
  };
}
