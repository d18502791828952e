import { createHash } from 'node:crypto';
import { type BackfillMode, type BackfillOrder, maxPartitions } from '../../contracts/backfills.ts';
import { type FieldFault, PerennialError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { AnyPipeline } from '../dag/definition.ts';
import { validateParams } from '../dag/params.ts';
import { partitionName, partitionParams } from '../dag/partition.ts';
import { findPipeline } from '../dag/start-run.ts';

export interface BackfillRequest {
  readonly pipeline: string;
  /** Both included, YYYY-MM-DD. */
  readonly from: string;
  readonly to: string;
  /** Default none: one run a day, for all keys. */
  readonly keys?: readonly string[];
  /** Default missing. */
  readonly mode?: BackfillMode;
  /** Default newest first. */
  readonly order?: BackfillOrder;
  /** Default 2. */
  readonly concurrency?: number;
  readonly params?: JsonObject;
}

export interface CheckedBackfill extends Required<Omit<BackfillRequest, 'pipeline'>> {
  readonly pipeline: AnyPipeline;
  readonly fingerprint: string;
  /** Names, in the order in which they are done. */
  readonly partitions: readonly string[];
}

const dayMs = 86_400_000;

/**
 * Checks a request and names its partitions.
 *
 * @throws PIPELINE_UNKNOWN; VALIDATION_FAILED for a pipeline without partitions, a range that is none or too long, or
 *   keys that do not fit; PARAMETER_INVALID.
 */
export function checkBackfill(request: BackfillRequest, pipelines: ReadonlyMap<string, AnyPipeline>): CheckedBackfill {
  const pipeline = findPipeline(pipelines, request.pipeline);
  const { from, to, keys = [], mode = 'missing', order = 'newest', concurrency = 2, params = {} } = request;
  const { partition } = pipeline;
  if (!partition) {
    throw new PerennialError('VALIDATION_FAILED', `The pipeline "${pipeline.id}" has no partitions to fill.`, {
      fields: [{ field: 'pipeline', value: pipeline.id, message: 'has no partition in its definition' }],
      remedy: 'Give its definition `partition: { date: PARAMETER, key: PARAMETER }`.',
    });
  }
  const faults: FieldFault[] = [];
  const [first, last] = [Date.parse(from), Date.parse(to)];
  if (first > last) faults.push({ field: 'to', value: to, message: `lies before from, ${from}` });
  const days = Math.max(0, Math.round((last - first) / dayMs) + 1);
  if (days * Math.max(1, keys.length) > maxPartitions) {
    const message = `makes ${days * Math.max(1, keys.length)} partitions; ${maxPartitions} are the most`;
    faults.push({ field: 'from', value: from, message });
  }
  if (keys.length > 0 && partition.key === undefined)
    faults.push({ field: 'keys', value: keys, message: `does not fit: "${pipeline.id}" is divided by day only` });
  if (new Set(keys).size < keys.length) faults.push({ field: 'keys', value: keys, message: 'names a key twice' });
  if (keys.some((key) => key === '' || key.includes('/')))
    faults.push({ field: 'keys', value: keys, message: 'must be names without a slash' });
  for (const name of [partition.date, partition.key ?? ''])
    if (name in params)
      faults.push({ field: `params.${name}`, value: params[name], message: 'is given by the partition' });
  refuse(faults);
  for (const key of keys.length > 0 ? keys : [''])
    validateParams(pipeline, { ...params, ...partitionParams(pipeline, { date: from, key }) });

  const dates = Array.from({ length: days }, (_, i) => new Date(first + i * dayMs).toISOString().slice(0, 10));
  if (order === 'newest') dates.reverse();
  const partitions = dates.flatMap((date) =>
    (keys.length > 0 ? keys : ['']).map((key) => partitionName({ date, key })),
  );
  // The order in which, and the speed at which, it is done make no other backfill.
  const same = { pipeline: pipeline.id, mode, params: sorted(params), partitions: [...partitions].sort() };
  const fingerprint = createHash('sha256').update(JSON.stringify(same)).digest('hex');
  return { pipeline, from, to, keys, mode, order, concurrency, params, fingerprint, partitions };
}

function sorted(params: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function refuse(faults: readonly FieldFault[]): void {
  if (faults.length === 0) return;
  const list = faults.map((f) => `${f.field} ${f.message}`);
  throw new PerennialError('VALIDATION_FAILED', `The backfill cannot be: ${list.join('; ')}.`, {
    fields: faults,
    remedy: 'Correct the fields named; nothing was started.',
  });
}
