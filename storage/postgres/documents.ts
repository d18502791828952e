import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { DocumentFormat } from '../../contracts/document-formats.ts';
import type { DocumentEvidence, DocumentOptions, DocumentStatus } from '../../contracts/documents.ts';
import type { ErrorInfo } from '../../contracts/errors.ts';
import type { Progress } from '../../contracts/runs.ts';
import type { DocumentRepository, StoredDocument } from '../../domain/ports/documents.ts';
import { type Connection, cursors, iso, json, sql } from './client.ts';
import { documentFileLedger } from './document-files.ts';
import type { Document } from './generated/client.ts';
import { taken } from './webhook-sources.ts';

/** A document with its run; null where there is none. */
interface Row extends Document {
  readonly status: string | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly progress: Progress | null;
  readonly error: ErrorInfo | null;
}

export function documentRepository(connection: Connection): DocumentRepository {
  const { prisma: db, pool } = connection;
  /** Documents, the newest first: that of an id, or those of a filter behind a cursor. */
  const read = async (where: {
    id: string | null;
    owner: string | null;
    status: string | null;
    after: { at: Date; id: string } | null;
    limit: number;
  }): Promise<StoredDocument[]> => {
    const { rows } = await pool.query<Row>(sql`
      select d.id, d.owner, d.by, d.name, d.format, d.source, d.target, d.options, d.input, d.result, d.characters,
        d.evidence, d.run_id as "runId", d.created_at as "createdAt", d.expired_at as "expiredAt", r.status, r.started_at as "startedAt",
        r.finished_at as "finishedAt", s.progress, coalesce(s.error, r.error) as error
      from documents d
      left join runs r on r.id = d.run_id
      left join lateral (
        select progress, error from step_runs where run_id = d.run_id and map_key = '' order by position desc limit 1
      ) s on true
      where (${where.id}::text is null or d.id = ${where.id})
        and (${where.owner}::text is null or d.owner = ${where.owner})
        and (${where.status}::text is null or case when d.expired_at is null then coalesce(r.status, 'queued') else 'expired' end = ${where.status})
        and (${where.after?.id ?? null}::text is null
          or (d.created_at, d.id) < (${where.after?.at ?? null}::timestamptz, ${where.after?.id ?? null}::text))
      order by d.created_at desc, d.id desc
      limit ${where.limit}`);
    return rows.map(toDocument);
  };
  const all = { id: null, owner: null, status: null, after: null };

  return {
    ...documentFileLedger(connection),
    async add({ options, input, run, ...document }) {
      try {
        await db.$transaction([
          db.document.create({ data: { ...document, options, input: { ...input }, runId: run } }),
          db.documentFile.deleteMany({ where: { id: document.id } }),
        ]);
      } catch (error) {
        throw taken(error, `There is a document "${document.id}" already.`);
      }
    },
    get: async (id) => (await read({ ...all, id, limit: 1 }))[0] ?? null,
    async list({ owner = null, status = null }, { limit, cursor }) {
      const found = await read({ ...all, owner, status, after: cursors.read(cursor), limit: limit + 1 });
      const documents = found.slice(0, limit);
      const last = documents.at(-1);
      return { documents, next: found.length > limit && last ? cursors.write(last.createdAt, last.id) : null };
    },
    async countOpen(owner) {
      const { rows } = await pool.query<{ count: number }>(sql`
        select count(*)::int as count from documents d join runs r on r.id = d.run_id
        where d.owner = ${owner} and r.status in ('queued', 'running', 'paused')`);
      return rows[0]?.count ?? 0;
    },
    async finish(id, { result, source, characters, evidence }) {
      const { rowCount } = await pool.query(sql`
        update documents set result = ${json(result)}::jsonb, source = ${source}, characters = ${characters},
          evidence = ${json(evidence)}::jsonb
        where id = ${id} and expired_at is null`);
      return rowCount === 1;
    },
  };
}

function toDocument(row: Row): StoredDocument {
  const { runId, progress, options, input, result, evidence, ...rest } = row;
  return {
    ...rest,
    format: row.format as DocumentFormat,
    options: options as unknown as DocumentOptions,
    input: input as unknown as ArtifactRef,
    result: result as unknown as ArtifactRef | null,
    evidence: evidence as unknown as DocumentEvidence | null,
    status: (row.expiredAt ? 'expired' : (row.status ?? 'queued')) as DocumentStatus,
    progress: progress && { done: progress.done, total: progress.total },
    // An attempt that failed and was followed by a better one is no fault of the document.
    error: row.status === 'failed' || row.status === 'cancelled' ? row.error : null,
    bytes: (input as unknown as ArtifactRef).bytes,
    run: runId,
    createdAt: iso(row.createdAt),
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
    expiredAt: iso(row.expiredAt),
  };
}
