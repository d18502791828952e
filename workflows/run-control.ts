import { condition, defineSignal, setHandler } from '@temporalio/workflow';
import { runSignals } from '../contracts/names.ts';
import type { Pause } from '../contracts/runs.ts';

export interface SkipRequest {
  readonly stepId: string;
  readonly by: string;
  readonly reason: string;
}

/** What people and the queue told a running run. */
export interface RunControl {
  /** Present while the run is paused. */
  readonly paused: Pause | undefined;
  /** Resolves with the next signal after it was read. */
  readonly changed: Promise<void>;
  /** Takes the skips asked for since the last call. */
  takeSkips(): readonly SkipRequest[];
  /** Resolves when the run is no longer paused; undefined when it is not. A cancellation ends the waiting. */
  hold(): Promise<void> | undefined;
  /** Resolves when the limits have let the run in, when it is paused, or after `fallback`. */
  admissionOrPause(fallback: string): Promise<void>;
  /** Resolves when a slot was granted to a step or item, or after `fallback`. */
  slot(stepId: string, mapKey: string, fallback: string): Promise<void>;
}

/** Listens to the signals of contracts/names.ts; call once, before anything is awaited. */
export function listenToControl(pausedBefore?: Pause): RunControl {
  let paused = pausedBefore;
  let isAdmitted = false;
  let skips: SkipRequest[] = [];
  const slots = new Set<string>();
  const slotOf = (stepId: string, mapKey: string) => JSON.stringify([stepId, mapKey]);
  let wake: () => void = () => {};
  const next = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  let changed = next();
  const on = <Args extends unknown[]>(name: string, apply: (...args: Args) => void): void =>
    setHandler(defineSignal<Args>(name), (...args) => {
      apply(...args);
      const woken = wake;
      changed = next();
      woken();
    });

  on<[Pause]>(runSignals.pause, (pause) => {
    paused = pause;
  });
  on(runSignals.resume, () => {
    paused = undefined;
  });
  on<[SkipRequest]>(runSignals.skip, (skip) => {
    skips.push(skip);
  });
  on(runSignals.admitted, () => {
    isAdmitted = true;
  });
  on<[string, string]>(runSignals.slotGranted, (stepId, mapKey) => {
    slots.add(slotOf(stepId, mapKey));
  });

  return {
    get paused() {
      return paused;
    },
    get changed() {
      return changed;
    },
    takeSkips() {
      const taken = skips;
      skips = [];
      return taken;
    },
    hold: () => (paused ? condition(() => paused === undefined) : undefined),
    async admissionOrPause(fallback) {
      await condition(() => isAdmitted || paused !== undefined, fallback as '10m');
      isAdmitted = false;
    },
    async slot(stepId, mapKey, fallback) {
      const key = slotOf(stepId, mapKey);
      await condition(() => slots.has(key), fallback as '10m');
      slots.delete(key);
    },
  };
}
