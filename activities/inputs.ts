import type { StepCall } from '../contracts/activities.ts';
import type { Json } from '../contracts/json.ts';
import type { RunRepository } from '../domain/ports/runs.ts';
import { untilAvailable } from './resilience.ts';

type Inputs = Readonly<Record<string, Json>>;

export type InputReader = (call: StepCall, signal: AbortSignal) => Promise<Inputs>;

/** Mapped steps whose inputs a worker keeps at a time. */
const kept = 16;

/** Inputs of a call: its own, or those recorded: for an item of a mapped step, and where they are large. Read once per worker and step. */
export function createInputReader(runs: RunRepository): InputReader {
  const cache = new Map<string, Promise<Inputs>>();
  return (call, signal) => {
    const needs = call.item?.needs ?? call.needs;
    if (!needs) return Promise.resolve(call.inputs);
    // A step that runs again after a retry may have other inputs.
    const key = `${call.runId}/${call.step.id}/${call.attemptBase ?? 0}`;
    const found = cache.get(key);
    if (found) return found;
    const read = untilAvailable(() => runs.outputs(call.runId, needs), signal);
    cache.set(key, read);
    read.catch(() => cache.delete(key));
    const oldest = cache.keys().next().value;
    if (cache.size > kept && oldest !== undefined) cache.delete(oldest);
    return read;
  };
}
