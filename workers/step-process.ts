import { once } from 'node:events';
import type { FromStepProcess, ToStepProcess } from '../activities/process-runner.ts';
import { resolveStep, stepVersionsOf } from '../activities/resolve-step.ts';
import { runInWorker } from '../activities/run-in-worker.ts';
import { stepFields } from '../activities/step-names.ts';
import { loadConfig } from '../config/index.ts';
import { toErrorInfo } from '../contracts/errors.ts';
import { pipelines } from '../pipelines/index.ts';
import { withLogFields } from '../telemetry/log.ts';
import { composeServices } from './compose.ts';
import { composeTelemetry } from './telemetry.ts';

/** Runs one attempt of one step for the worker that forked this process, and ends. */
async function main(): Promise<void> {
  const abort = new AbortController();
  // Without a worker to report to, the attempt counts as lost and another one takes over.
  process.once('disconnect', () => process.exit(1));
  const [first] = (await once(process, 'message')) as [ToStepProcess];
  if (first.kind !== 'run') return;
  process.on('message', (message: ToStepProcess) => {
    if (message.kind === 'cancel') abort.abort();
  });
  const { call, attempt, traceparent } = first;
  const config = loadConfig();
  const telemetry = await composeTelemetry('step', config);
  const composed = await composeServices({ ...config, databasePool: 2 });
  const attempted = async (): Promise<FromStepProcess> => {
    try {
      const output = await runInWorker(resolveStep(pipelines, call), call, {
        attempt,
        traceparent,
        signal: abort.signal,
        services: composed.services,
        scratch: composed.scratch,
        stepVersions: stepVersionsOf(pipelines, call),
        reporter: {
          progress: (done, total, unit) => send({ kind: 'progress', done, total, unit }),
          metric: (name, value) => send({ kind: 'metric', name, value }),
          log: (level, message) => send({ kind: 'log', level, message }),
        },
      });
      return { kind: 'done', output };
    } catch (error) {
      const info = toErrorInfo(error, 'STEP_FAILED');
      // Standard output is the run's own log.
      if (info.code === 'STEP_FAILED') telemetry.log.error({ err: error }, 'the step has failed');
      return { kind: 'failed', error: info };
    }
  };
  const result = await withLogFields(stepFields(call, attempt), attempted);
  await Promise.all([composed.close(), telemetry.close()]);
  await new Promise<void>((resolve) => {
    if (!process.send) resolve();
    else process.send(result, () => resolve());
  });
  process.disconnect();
}

function send(message: FromStepProcess): void {
  if (process.connected) process.send?.(message);
}

await main();
process.exit(0);
