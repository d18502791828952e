import { Worker } from 'node:worker_threads';
import { PerennialError } from '../../contracts/errors.ts';
import type { OnnxTensors } from './tensor.ts';
import {
  hostSessions,
  type SessionNames,
  type SessionSettings,
  type ThreadReply,
  type ThreadRequest,
} from './thread-host.ts';

/** An ONNX model ready to run. */
export interface OnnxSession extends SessionNames {
  /** Memory it takes in all threads together, estimated, in bytes. */
  readonly bytes: number;
  /**
   * One run. Waits for a free thread, first come, first served.
   * @param options.outputs names of those wanted; default all.
   * @param options.signal the promise rejects with CANCELLED at once; a run that has begun ends in the background.
   * Throws VALIDATION_FAILED when ONNX Runtime refuses the feeds, UNAVAILABLE when the thread died.
   */
  run(
    feeds: OnnxTensors,
    options?: { readonly outputs?: readonly string[]; readonly signal?: AbortSignal },
  ): Promise<OnnxTensors>;
  /** Frees the memory once its runs have ended; later runs are refused. */
  release(): Promise<void>;
}

type RequestBody = ThreadRequest extends infer R ? (R extends ThreadRequest ? Omit<R, 'id'> : never) : never;

interface Job {
  readonly body: RequestBody;
  readonly resolve: (reply: ThreadReply) => void;
  readonly reject: (error: PerennialError) => void;
}

interface Thread {
  readonly worker: Worker;
  /** What only this thread may do (opening and releasing), before anything shared. */
  readonly own: Job[];
  running: Job | undefined;
}

interface OpenModel {
  readonly model: Uint8Array;
  readonly settings: SessionSettings;
}

/** Milliseconds that runs under way have to end when all is closed. */
const closingMs = 5000;

/**
 * Threads that run ONNX sessions, so that computing neither blocks the event loop nor waits for other requests. Every model is
 * loaded into each of them. A thread that dies is replaced and its models are loaded again; only the run it had is lost.
 */
export class SessionThreads {
  readonly count: number;
  private readonly threads: Thread[] = [];
  private readonly queue: Job[] = [];
  private readonly models = new Map<number, OpenModel>();
  private nextSession = 0;
  private nextRequest = 0;
  private closed = false;

  /** @param count threads: as many as cores that serve. */
  constructor(count: number) {
    this.count = count;
    for (let i = 0; i < count; i++) this.start(i);
  }

  /**
   * Loads a model into all threads.
   * @param warmUp feeds of a run in every thread before the promise resolves, so that the first request is as fast as others.
   * Throws MODEL_FORMAT when ONNX Runtime cannot read the model.
   */
  async open(
    model: Uint8Array,
    options: { readonly settings?: SessionSettings; readonly warmUp?: OnnxTensors } = {},
  ): Promise<OnnxSession> {
    const session = this.nextSession++;
    // Shared, not copied, on the way to the threads.
    const shared = new Uint8Array(new SharedArrayBuffer(model.length));
    shared.set(model);
    const settings = options.settings ?? {};
    const opened = await Promise.allSettled(
      this.threads.map((thread) => this.onThread(thread, { kind: 'open', session, model: shared, settings })),
    );
    const failure = opened.find((o) => o.status === 'rejected');
    if (failure !== undefined) {
      await this.releaseAll(session);
      const cause = failure.reason as PerennialError;
      if (cause.code === 'UNAVAILABLE') throw cause;
      throw new PerennialError('MODEL_FORMAT', `ONNX Runtime cannot load the model: ${cause.message}`, {
        remedy: 'Export the model again with this version of the software.',
        cause,
      });
    }
    this.models.set(session, { model: shared, settings });
    const first = (opened[0] as PromiseFulfilledResult<ThreadReply>).value;
    if (first.kind !== 'opened') throw new Error(`A thread answered ${first.kind} to open`);
    if (options.warmUp !== undefined) {
      const body: RequestBody = { kind: 'run', session, feeds: options.warmUp, outputs: undefined };
      await Promise.all(this.threads.map((thread) => this.onThread(thread, body)));
    }
    const running = new Set<Promise<OnnxTensors>>();
    return {
      ...first.names,
      // The model once, to load it again after a crash, and packed weights in every thread.
      bytes: model.length * (1 + this.count),
      run: async (feeds, runOptions) => {
        const run = this.run(session, feeds, runOptions);
        running.add(run);
        try {
          return await run;
        } finally {
          running.delete(run);
        }
      },
      release: async () => {
        this.models.delete(session);
        await Promise.allSettled(running);
        await this.releaseAll(session);
      },
    };
  }

  /**
   * Ends all threads. Runs that have not begun reject with UNAVAILABLE, and so do those that do not end within five
   * seconds.
   */
  async close(): Promise<void> {
    this.closed = true;
    for (const job of this.queue.splice(0)) job.reject(gone('was closed'));
    // A thread that is ended within a run takes the process with it.
    const ending = this.threads.filter(({ running }) => running !== undefined).map(({ worker }) => endOf(worker));
    await Promise.all(ending);
    await Promise.all(this.threads.map(({ worker }) => worker.terminate()));
  }

  private async run(
    session: number,
    feeds: OnnxTensors,
    options: { readonly outputs?: readonly string[]; readonly signal?: AbortSignal } = {},
  ): Promise<OnnxTensors> {
    const { signal, outputs } = options;
    if (signal?.aborted) throw cancelled();
    if (this.closed) throw gone('was closed');
    if (!this.models.has(session)) throw gone('has released this model');
    const reply = await new Promise<ThreadReply>((resolve, reject) => {
      const settle = () => signal?.removeEventListener('abort', abort);
      const job: Job = {
        body: { kind: 'run', session, feeds, outputs },
        resolve: (value) => {
          settle();
          resolve(value);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      const abort = () => {
        const at = this.queue.indexOf(job);
        if (at >= 0) this.queue.splice(at, 1);
        reject(cancelled());
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.queue.push(job);
      this.dispatch();
    });
    if (reply.kind !== 'done') throw new Error(`A thread answered ${reply.kind} to run`);
    return reply.outputs;
  }

  private onThread(thread: Thread, body: RequestBody): Promise<ThreadReply> {
    return new Promise((resolve, reject) => {
      thread.own.push({ body, resolve, reject });
      this.dispatch();
    });
  }

  private async releaseAll(session: number): Promise<void> {
    // A thread without the session has nothing to free.
    await Promise.allSettled(this.threads.map((thread) => this.onThread(thread, { kind: 'release', session })));
  }

  private dispatch(): void {
    if (this.closed) return;
    for (const thread of this.threads) {
      if (thread.running !== undefined) continue;
      const job = thread.own.shift() ?? this.queue.shift();
      if (job === undefined) continue;
      thread.running = job;
      thread.worker.postMessage({ ...job.body, id: this.nextRequest++ });
    }
  }

  private start(at: number): void {
    const worker = new Worker(`(${hostSessions.toString()})()`, {
      eval: true,
      workerData: { from: import.meta.url },
    });
    worker.unref();
    const thread: Thread = { worker, own: [], running: undefined };
    this.threads[at] = thread;
    worker.on('message', (reply: ThreadReply) => {
      const job = thread.running;
      thread.running = undefined;
      if (reply.kind === 'failed') job?.reject(new PerennialError('VALIDATION_FAILED', reply.message));
      else job?.resolve(reply);
      this.dispatch();
    });
    // 'exit' follows and does the rest.
    worker.on('error', () => {});
    worker.on('exit', () => {
      for (const job of [thread.running, ...thread.own]) job?.reject(gone('lost a thread'));
      if (this.closed) return;
      this.start(at);
      for (const [session, { model, settings }] of this.models) {
        this.onThread(this.threads[at] as Thread, { kind: 'open', session, model, settings }).catch(() => {});
      }
    });
  }
}

/** Resolves when a thread has answered, or has had its time. */
function endOf(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, closingMs);
    for (const event of ['message', 'exit'] as const)
      worker.once(event, () => {
        clearTimeout(timer);
        resolve();
      });
  });
}

function cancelled(): PerennialError {
  return new PerennialError('CANCELLED', 'The run of the model was cancelled');
}

function gone(what: string): PerennialError {
  return new PerennialError('UNAVAILABLE', `The pool of model threads ${what}`, { remedy: 'Try again.' });
}
