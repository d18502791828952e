import type { BackfillRecord } from '../../contracts/backfills.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { iso } from './client.ts';

/** A row of `backfills`, its days as text. */
export interface BackfillRow {
  readonly id: string;
  readonly pipeline: string;
  readonly from: string;
  readonly to: string;
  readonly keys: string[];
  readonly mode: string;
  readonly order: string;
  readonly concurrency: number;
  readonly params: JsonObject;
  readonly by: string;
  readonly status: string;
  readonly total: number;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}

export function toBackfill(row: BackfillRow): BackfillRecord {
  const { id, pipeline, from, to, keys, concurrency, params, by, total } = row;
  return {
    id,
    pipeline,
    from,
    to,
    keys,
    mode: row.mode as BackfillRecord['mode'],
    order: row.order as BackfillRecord['order'],
    concurrency,
    params,
    status: row.status as BackfillRecord['status'],
    total,
    by,
    createdAt: iso(row.created_at),
    finishedAt: iso(row.finished_at),
  };
}
