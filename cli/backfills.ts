import { setTimeout as delay } from 'node:timers/promises';
import type { BackfillDetail, BackfillForecast, BackfillPartition } from '../contracts/backfills.ts';
import type { ApiClient } from './client.ts';
import { duration, type Terminal, table, time } from './terminal.ts';

/** A backfill as `GET /v1/backfills/:id` shows it. */
export interface BackfillShown extends BackfillDetail {
  readonly partitions: readonly BackfillPartition[];
  readonly next: number | null;
}

const lookMs = 500;
/** Partitions of one answer at most. */
const page = 500;

/** A backfill with up to `limit` of its partitions, asked for page by page; `next` is null when there are no more. */
export async function showBackfill(
  api: ApiClient,
  id: string,
  { limit, status }: { readonly limit: number; readonly status?: string | undefined },
): Promise<BackfillShown> {
  const path = `/v1/backfills/${encodeURIComponent(id)}`;
  let shown = await api.get<BackfillShown>(path, { status, limit: Math.min(limit, page) });
  while (shown.next !== null && shown.partitions.length < limit) {
    const more = Math.min(limit - shown.partitions.length, page);
    const next = await api.get<BackfillShown>(path, { status, after: shown.next, limit: more });
    shown = { ...next, partitions: [...shown.partitions, ...next.partitions] };
  }
  return shown;
}

/** Follows a backfill to its end; says what has been done whenever that changes. */
export async function waitForBackfill(api: ApiClient, id: string, terminal: Terminal): Promise<BackfillDetail> {
  for (let said = ''; ; await delay(lookMs)) {
    const backfill = await api.get<BackfillDetail>(`/v1/backfills/${id}`, { limit: 1 });
    const text = countsText(backfill);
    if (text !== said) terminal.note(text);
    said = text;
    if (backfill.finishedAt !== null) return backfill;
  }
}

export function countsText({ counts, total }: BackfillDetail): string {
  const done = (counts.succeeded ?? 0) + (counts.failed ?? 0) + (counts.skipped ?? 0) + (counts.cancelled ?? 0);
  const parts = Object.entries(counts).map(([status, count]) => `${count} ${status}`);
  return `${done} of ${total} partitions done (${parts.join(', ')})`;
}

export function backfillText(backfill: BackfillDetail): string {
  const { id, pipeline, status, from, to, keys, mode, order, concurrency, by, createdAt, finishedAt } = backfill;
  return [
    `Backfill ${id} of ${pipeline}: ${status}`,
    `  ${from} to ${to}${keys.length > 0 ? ` for ${keys.join(', ')}` : ''}, ${mode}, ${order} first, ${concurrency} at a time`,
    `  asked for by ${by} at ${time(createdAt)}${finishedAt === null ? '' : `, ended ${time(finishedAt)}`}`,
    `  ${countsText(backfill)}`,
  ].join('\n');
}

export function forecastText({ total, toRun, partitions, estimate }: BackfillForecast): string {
  const time =
    estimate === null
      ? 'how long is not known: no run of the pipeline has succeeded yet'
      : `about ${duration(estimate.seconds * 1000)}: the median of ${estimate.basedOnRuns} runs is ${duration(estimate.medianRunSeconds * 1000)}`;
  return [
    table(
      ['partition', 'would', 'because'],
      partitions.map((p) => [p.partition, p.action, p.reason ?? '']),
    ),
    '',
    `${toRun} of ${total} partitions would run; ${time}. Nothing was started.`,
  ].join('\n');
}
