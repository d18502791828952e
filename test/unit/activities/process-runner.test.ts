import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createProcessRunner } from '../../../activities/process-runner.ts';
import type { Reporter } from '../../../activities/reporter.ts';
import { environmentWith } from '../../../config/index.ts';
import type { StepCall } from '../../../contracts/activities.ts';

const run = createProcessRunner(
  fileURLToPath(new URL('../../support/fixtures/step-process.mjs', import.meta.url)),
  environmentWith({}),
);

function callOf(act: string): StepCall {
  return {
    runId: 'r',
    pipeline: 'p',
    step: { id: 'train', heartbeatMs: 1000, codeVersion: '1' },
    params: { act },
    inputs: {},
  };
}

function reporter(onLog: (message: string) => void = () => {}) {
  const seen = { progress: [] as unknown[], metrics: {} as Record<string, number> };
  const reporting: Reporter = {
    progress: (...args) => seen.progress.push(args),
    metric: (name, value) => {
      seen.metrics[name] = value;
    },
    log: (_level, message) => onLog(message),
    flush: () => Promise.resolve(),
    close: () => {},
  };
  return { seen, reporting };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a step in its own process', () => {
  it('gives its output, progress and metrics', async () => {
    const { seen, reporting } = reporter();
    expect(await run(callOf('succeed'), 2, reporting, new AbortController().signal)).toEqual({ attempt: 2 });
    expect(seen).toEqual({ progress: [[1, 2, 'batches']], metrics: { loss: 0.5 } });
  });

  it('passes a coded error on with its remedy', async () => {
    const failure = run(callOf('fail'), 1, reporter().reporting, new AbortController().signal);
    await expect(failure).rejects.toMatchObject({ code: 'DATA_MISSING', message: 'no sales', remedy: 'ingest some' });
  });

  it('is a failed attempt with signal and last words when it dies', async () => {
    const failure = run(callOf('crash'), 1, reporter().reporting, new AbortController().signal);
    await expect(failure).rejects.toMatchObject({
      code: 'STEP_CRASHED',
      message: expect.stringMatching(/SIGKILL.*out of memory/),
    });
  });

  it.each(['wait', 'block'])('is gone within 5 s of a cancellation, even when its event loop does: %s', async (act) => {
    const abort = new AbortController();
    let pid = 0;
    const { reporting } = reporter((message) => {
      pid = Number(message.split(' ')[1]);
      abort.abort();
    });
    const from = performance.now();
    await expect(run(callOf(act), 1, reporting, abort.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(performance.now() - from).toBeLessThan(5_000);
    expect(alive(pid)).toBe(false);
  });
});
