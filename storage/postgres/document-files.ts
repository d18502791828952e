import { terminalRunStatuses } from '../../contracts/runs.ts';
import type { DocumentRepository } from '../../domain/ports/documents.ts';
import { type Connection, sql } from './client.ts';
import { transaction } from './transaction.ts';

type Files = Pick<DocumentRepository, 'reserve' | 'remove' | 'expire' | 'clearOut'>;

/**
 * Which files of documents are kept, and which are to be removed. With the files go the log lines of the run, which quote
 * the text.
 */
export function documentFileLedger({ pool }: Connection): Files {
  return {
    async reserve(id) {
      await pool.query(sql`
        insert into document_files (id, remove_after) values (${id}, now() + interval '1 day')
        on conflict (id) do update set remove_after = excluded.remove_after`);
    },
    async remove(id) {
      // Its translation may still be about to store a result.
      const { rowCount } = await pool.query(sql`
        with removed as (delete from documents where id = ${id} returning id, run_id),
          lines as (delete from step_logs l using removed r where l.run_id = r.run_id),
          events as (delete from run_events e using removed r where e.run_id = r.run_id and e.type = 'log')
        insert into document_files (id, remove_after) select id, now() + interval '1 day' from removed
        on conflict (id) do update set remove_after = excluded.remove_after`);
      return rowCount === 1;
    },
    async expire(before, now, limit) {
      // The lock on the run: one that is retried at the same time finds its document as it was, or expired.
      const { rowCount } = await pool.query(sql`
        with expired as (
          update documents set expired_at = ${now}
          where id in (
            select d.id from documents d join runs r on r.id = d.run_id
            where d.expired_at is null and d.created_at < ${before}
              and r.status = any(${[...terminalRunStatuses]}::text[]) and r.finished_at < ${before}
            limit ${limit}
            for update of d skip locked for share of r skip locked)
          returning id, run_id),
          lines as (delete from step_logs l using expired x where l.run_id = x.run_id),
          events as (delete from run_events e using expired x where e.run_id = x.run_id and e.type = 'log')
        insert into document_files (id, remove_after) select id, ${now}::timestamptz from expired
        on conflict (id) do update set remove_after = excluded.remove_after`);
      return rowCount ?? 0;
    },
    clearOut: ({ now, after, limit }, remove) =>
      transaction(pool, async (tx) => {
        // Reserved anew by a request that was sent twice, after the first had made the document.
        await tx.query(sql`
          delete from document_files f using documents d
          where d.id = f.id and d.expired_at is null and f.remove_after <= ${now}`);
        // Whoever reserves one of these ids waits until its files are removed.
        const { rows } = await tx.query<{ id: string }>(sql`
          select id from document_files where remove_after <= ${now} and id > ${after}
            and not exists (select 1 from documents d where d.id = document_files.id and d.expired_at is null)
          order by id limit ${limit} for update skip locked`);
        const removed: string[] = [];
        for (const { id } of rows) if (await remove(id)) removed.push(id);
        await tx.query(sql`delete from document_files where id = any(${removed}::text[])`);
        return rows.length === limit ? (rows.at(-1)?.id ?? null) : null;
      }),
  };
}
