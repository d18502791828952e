/** Attempts shorter than this are recorded once, at their end: half the cost of a short step. */
const startDelayMs = 5;

/** Records a start after a moment, beside the work, unless it is cancelled before. */
export function recordStart(record: () => Promise<void>): {
  readonly at: Date;
  /** True when nothing was recorded, nor will be. */
  cancel(): boolean;
  /** Resolves when nothing is being recorded any more. */
  settled(): Promise<void>;
  /** Resolves when the start is recorded, at once if need be. */
  recorded(): Promise<void>;
} {
  let recording: Promise<void> | undefined;
  const begin = (): Promise<void> => {
    clearTimeout(timer);
    recording ??= record();
    // Whoever waits for it sees the rejection.
    recording.catch(() => undefined);
    return recording;
  };
  const timer = setTimeout(() => void begin(), startDelayMs);
  return {
    at: new Date(),
    cancel() {
      clearTimeout(timer);
      return recording === undefined;
    },
    settled: async () => recording,
    recorded: begin,
  };
}
