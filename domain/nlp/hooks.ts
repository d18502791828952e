/** How training talks to whoever runs it. */
export interface TrainHooks {
  /** Training stops with CANCELLED within a second of its firing. */
  readonly signal: AbortSignal;
  progress(done: number, total: number, unit: string): void;
  metric(name: string, value: number): void;
  /** One slot; `load` gives what `save` wrote last, or null at the first attempt. */
  readonly checkpoint: { load(): Promise<Uint8Array | null>; save(bytes: Uint8Array): Promise<void> };
}

/** Hooks that report nowhere and keep nothing. */
export function silentHooks(signal: AbortSignal = new AbortController().signal): TrainHooks {
  return { signal, progress() {}, metric() {}, checkpoint: { load: async () => null, save: async () => {} } };
}
