/** Time as the batcher sees it; tests move it by hand. */
export interface Timers {
  /** Milliseconds that only grow. */
  now(): number;
  /** Calls back once after so many milliseconds, unless the function returned is called before. */
  after(ms: number, call: () => void): () => void;
}

export const realTimers: Timers = {
  now: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};
