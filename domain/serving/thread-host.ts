import type { OnnxTensors } from './tensor.ts';

/** Settings of a session in ONNX Runtime. */
export interface SessionSettings {
  /** Threads within one run; default 1: more sessions at a time serve more than more threads a session. */
  readonly intraOpThreads?: number;
  /** Keeps freed memory for the next run; default false: malloc is as fast here, and gives memory back after a large batch. */
  readonly arena?: boolean;
  /**
   * On CPUs without VNNI instructions products of int8 may overflow 16 bits; exact (default true) takes the slower kernels
   * there. It changes nothing on CPUs with VNNI or on ARM.
   */
  readonly exactInt8?: boolean;
}

export type ThreadRequest = { readonly id: number; readonly session: number } & (
  | { readonly kind: 'open'; readonly model: Uint8Array; readonly settings: SessionSettings }
  | { readonly kind: 'run'; readonly feeds: OnnxTensors; readonly outputs: readonly string[] | undefined }
  | { readonly kind: 'release' }
);

export interface SessionNames {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export type ThreadReply = { readonly id: number } & (
  | { readonly kind: 'opened'; readonly names: SessionNames }
  | { readonly kind: 'done'; readonly outputs: OnnxTensors }
  | { readonly kind: 'released' }
  | { readonly kind: 'failed'; readonly message: string }
);

/**
 * What a thread of sessions runs. ONNX Runtime's Node binding computes on the thread that calls it, so sessions live in
 * threads of their own. The thread is started from this function's text, hence it uses nothing from outside itself;
 * `workerData.from` is the module from which onnxruntime-node is found.
 */
export function hostSessions(): void {
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  const { createRequire } = process.getBuiltinModule('node:module');
  const ort = createRequire(workerData.from)('onnxruntime-node') as typeof import('onnxruntime-node');
  const sessions = new Map<number, import('onnxruntime-node').InferenceSession>();

  const answer = async (request: ThreadRequest): Promise<ThreadReply> => {
    const { id, session: key } = request;
    if (request.kind === 'open') {
      const { intraOpThreads = 1, arena = false, exactInt8 = true } = request.settings;
      // The bytes are shared between threads, which ONNX Runtime does not take.
      const session = await ort.InferenceSession.create(new Uint8Array(request.model), {
        intraOpNumThreads: intraOpThreads,
        interOpNumThreads: 1,
        enableCpuMemArena: arena,
        graphOptimizationLevel: 'all',
        logSeverityLevel: 3,
        extra: {
          session: { x64quantprecision: exactInt8 ? '1' : '0', intra_op: { allow_spinning: '0' } },
          // Its kernel takes four times as long as the two that it replaces.
          optimization: { disable_specified_optimizers: 'SkipLayerNormFusion' },
        },
      });
      sessions.set(key, session);
      return { id, kind: 'opened', names: { inputs: session.inputNames, outputs: session.outputNames } };
    }
    const session = sessions.get(key);
    if (session === undefined) throw new Error('The session is not open');
    if (request.kind === 'release') {
      sessions.delete(key);
      await session.release();
      return { id, kind: 'released' };
    }
    const feeds: Record<string, import('onnxruntime-node').Tensor> = {};
    for (const [name, { type, data, dims }] of Object.entries(request.feeds)) {
      feeds[name] = new ort.Tensor(type, data as Float32Array, dims);
    }
    const results = await session.run(feeds, request.outputs ?? session.outputNames);
    const outputs: Record<string, unknown> = {};
    for (const [name, { type, data, dims }] of Object.entries(results)) outputs[name] = { type, data, dims };
    return { id, kind: 'done', outputs: outputs as OnnxTensors };
  };

  parentPort?.on('message', (request: ThreadRequest) => {
    answer(request).then(
      (reply) => parentPort.postMessage(reply),
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        parentPort.postMessage({ id: request.id, kind: 'failed', message });
      },
    );
  });
}
