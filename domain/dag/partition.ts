import type { JsonObject } from '../../contracts/json.ts';
import type { AnyPipeline } from './definition.ts';

/** Day and key of a run's part of the work; an empty key means all keys. */
export interface Partition {
  readonly date: string;
  readonly key: string;
}

/** `2011-10-09`, or `2011-10-09/DE`. */
export function partitionName({ date, key }: Partition): string {
  return key === '' ? date : `${date}/${key}`;
}

/** The partition that parameters name; null when the pipeline has none or the day is left open. */
export function partitionOf(pipeline: AnyPipeline, params: JsonObject): Partition | null {
  const { partition } = pipeline;
  const date = partition && params[partition.date];
  if (!partition || typeof date !== 'string' || date === '') return null;
  const key = partition.key === undefined ? '' : params[partition.key];
  return { date, key: typeof key === 'string' ? key : '' };
}

/** Parameters that make a run do one partition. */
export function partitionParams(pipeline: AnyPipeline, { date, key }: Partition): JsonObject {
  const { partition } = pipeline;
  if (!partition) return {};
  return { [partition.date]: date, ...(partition.key === undefined || key === '' ? {} : { [partition.key]: key }) };
}
