import { afterAll, describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../domain/nlp/onnx/graph.ts';
import { encodeModel } from '../../../domain/nlp/onnx/proto.ts';
import { dataOf, float32, SessionThreads } from '../../../domain/serving/index.ts';

/** y = x + `plus`, after `rounds` of work that takes a while. */
function model(plus: number, rounds = 0): Uint8Array {
  const g = new GraphBuilder('sum');
  let x = g.input('x', 'float32', ['n', 'n']);
  for (let i = 0; i < rounds; i++) x = g.op('MatMul', [x, x]);
  g.named('y', 'Add', [x, g.float32(plus)]);
  g.output('y', 'float32', ['n', 'n']);
  return encodeModel(g.build());
}
const zeros = (n: number) => ({ x: float32(new Float32Array(n * n), [n, n]) });

const threads = new SessionThreads(2);
afterAll(() => threads.close());

describe('SessionThreads', () => {
  it('runs any ONNX model, several at a time, and says what they take and give', async () => {
    const [one, two] = await Promise.all([threads.open(model(1)), threads.open(model(2))]);
    expect(one.inputs).toEqual(['x']);
    expect(one.outputs).toEqual(['y']);
    const results = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? one : two).run(zeros(2))));
    expect(results.map((r) => dataOf(r, 'y', 'float32')[0])).toEqual(results.map((_, i) => (i % 2) + 1));
    const last = one.run(zeros(2));
    await Promise.all([one.release(), two.release()]);
    expect(dataOf(await last, 'y', 'float32')[0]).toBe(1);
    await expect(one.run(zeros(2))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('leaves the event loop free while it computes', async () => {
    const slow = await threads.open(model(0, 60), { warmUp: zeros(8) });
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await slow.run(zeros(400));
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(2);
    await slow.release();
  });

  it('refuses bytes that are no model, and feeds that a model does not take', async () => {
    await expect(threads.open(new Uint8Array([1, 2, 3]))).rejects.toMatchObject({ code: 'MODEL_FORMAT' });
    const session = await threads.open(model(1));
    await expect(session.run({})).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    expect(dataOf(await session.run(zeros(1)), 'y', 'float32')[0]).toBe(1);
    await session.release();
  });

  it('drops a cancelled run that waits, and answers a cancelled one under way at once', async () => {
    const slow = await threads.open(model(0, 40));
    const stop = new AbortController();
    const runs = Array.from({ length: 6 }, () => slow.run(zeros(300), { signal: stop.signal }));
    stop.abort();
    for (const run of runs) await expect(run).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(dataOf(await slow.run(zeros(2)), 'y', 'float32')[0]).toBe(0);
    await slow.release();
  });

  it('replaces a thread that died, with its models; only the run it had is lost', async () => {
    const own = new SessionThreads(1);
    const session = await own.open(model(7));
    const [{ worker }] = Reflect.get(own, 'threads') as [{ worker: { postMessage(request: unknown): void } }];
    // An error that nobody caught, before the run: ended within native code, a thread takes the process with it.
    worker.postMessage(null);
    const lost = session.run(zeros(300)).catch((error: unknown) => error);
    expect(await lost).toMatchObject({ code: 'UNAVAILABLE', retry: true });
    expect(dataOf(await session.run(zeros(1)), 'y', 'float32')[0]).toBe(7);
    await own.close();
  });

  it('lets a run under way end when closed, and rejects what waits or comes later', async () => {
    const own = new SessionThreads(1);
    const slow = await own.open(model(1, 30));
    const runs = Array.from({ length: 3 }, () => slow.run(zeros(300)).catch((error: unknown) => error));
    await own.close();
    const [first, ...others] = await Promise.all(runs);
    expect(first).toHaveProperty('y');
    for (const error of others) expect(error).toMatchObject({ code: 'UNAVAILABLE' });
    await expect(slow.run(zeros(2))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
