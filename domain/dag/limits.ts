import type { JsonObject } from '../../contracts/json.ts';
import type { Limits } from '../../contracts/runs.ts';
import type { AnyPipeline } from './definition.ts';
import { partitionOf } from './partition.ts';

/** The parameter whose values runs are counted by; undefined: they are counted all together. */
export function limitKeyOf({ concurrency, partition }: AnyPipeline): string | undefined {
  return concurrency?.key ?? partition?.key;
}

/** The limits that a run of these parameters counts for: `offers`, and `offers/DE`. */
export function limitsOf(pipeline: AnyPipeline, params: JsonObject): Limits {
  const { id, concurrency } = pipeline;
  const named = concurrency?.key === undefined ? partitionOf(pipeline, params)?.key : params[concurrency.key];
  const key = typeof named === 'string' ? named : '';
  return {
    [id]: concurrency?.runs ?? null,
    ...(key === '' ? {} : { [`${id}/${key}`]: concurrency?.perKey ?? null }),
  };
}
