import { createHash } from 'node:crypto';
import type { StepCall } from '../../contracts/activities.ts';
import type { Json } from '../../contracts/json.ts';
import type { ArtifactStore } from '../ports/artifacts.ts';
import type { CachedOutput, StepCache } from '../ports/step-cache.ts';
import { artifactsIn } from './artifacts-in.ts';

/**
 * The key of a call: sha256 over the step and its code version, the parameters that count, the inputs and the item.
 * Inputs are references with their hashes, so the same key means the same data. Null when the step uses no cache.
 */
export function cacheKey(call: StepCall): string | null {
  if (!call.cache) return null;
  const names = call.cache.params ?? Object.keys(call.params);
  const params = Object.fromEntries(names.map((name) => [name, call.params[name] ?? null]));
  const { pipeline, step, inputs, item } = call;
  const what = [1, pipeline, step.id, step.codeVersion, params, inputs, item?.value ?? null];
  return createHash('sha256').update(canonical(what)).digest('hex');
}

/** JSON whose objects have their members in order, so that equal values give equal text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** The cached output of a key if all artifacts it names are still there; otherwise the entry is dropped and null. */
export async function lookUp(
  cache: StepCache,
  artifacts: Pick<ArtifactStore, 'has'>,
  key: string,
  maxAgeMs?: number,
): Promise<CachedOutput | null> {
  const found = await cache.get(key, maxAgeMs);
  if (!found) return null;
  for (const ref of artifactsIn(found.output)) {
    if (await artifacts.has(ref)) continue;
    await cache.remove(key);
    return null;
  }
  return found;
}

/** Bytes an output stands for: its JSON and the artifacts it names. */
export function sizeOf(output: Json): number {
  return artifactsIn(output).reduce((sum, { bytes }) => sum + bytes, Buffer.byteLength(JSON.stringify(output)));
}
