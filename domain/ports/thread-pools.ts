/** What threads can compute. */
export type ThreadWork = 'rank-lists';

/** Threads that all were given the same data. */
export interface ThreadPool<Task, Result> {
  /** Runs a task on a thread that is free, or as soon as one is. CANCELLED on abort. */
  run(task: Task, signal: AbortSignal): Promise<Result>;
}

/** Computing in threads beside the one that asks, whose heartbeats go on meanwhile. */
export interface ThreadPools {
  /** Threads of a pool. */
  readonly count: number;
  /** Threads start with the first task and end when they have been idle. `data` is copied to each, but for shared memory. */
  open<Data, Task, Result>(work: ThreadWork, data: Data): ThreadPool<Task, Result>;
}
