import { fork } from 'node:child_process';
import type { StepCall } from '../contracts/activities.ts';
import { type ErrorInfo, PerennialError } from '../contracts/errors.ts';
import type { Json } from '../contracts/json.ts';
import type { LogLine } from '../contracts/runs.ts';
import { log } from '../telemetry/log.ts';
import { activeTraceparent } from '../telemetry/tracing.ts';
import type { ProcessRunner } from './dependencies.ts';

export type ToStepProcess =
  | {
      readonly kind: 'run';
      readonly call: StepCall;
      readonly attempt: number;
      /** Where its trace goes on from; absent: nobody traces it. */
      readonly traceparent?: string;
    }
  | { readonly kind: 'cancel' };

export type FromStepProcess =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number; readonly unit: string }
  | { readonly kind: 'metric'; readonly name: string; readonly value: number }
  | { readonly kind: 'log'; readonly level: LogLine['level']; readonly message: string }
  | { readonly kind: 'done'; readonly output: Json }
  | { readonly kind: 'failed'; readonly error: ErrorInfo };

/** How long a cancelled process may take to stop by itself. */
const graceMs = 2_000;

/**
 * Runs attempts in child processes of `script`, so that work which blocks the event loop neither silences the worker's
 * heartbeats nor takes the worker with it when it crashes. A cancelled process is killed after 2 s; one whose worker
 * died ends itself. A process that dies is STEP_CRASHED with its signal or exit code and the end of its stderr.
 */
export function createProcessRunner(script: string, env: NodeJS.ProcessEnv): ProcessRunner {
  return (call, attempt, reporter, signal) =>
    new Promise<Json>((resolve, reject) => {
      signal.throwIfAborted();
      const child = fork(script, [], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], serialization: 'json' });
      let outcome: { output: Json } | { error: PerennialError } | undefined;
      let stderr = '';
      child.stdout?.on('data', (data: Buffer) => reporter.log('debug', data.toString().trimEnd()));
      child.stderr?.on('data', (data: Buffer) => {
        stderr = (stderr + data.toString()).slice(-4_000);
        log().debug({ stream: 'stderr' }, data.toString().trimEnd());
      });
      child.on('message', (message: FromStepProcess) => {
        if (message.kind === 'progress') reporter.progress(message.done, message.total, message.unit);
        else if (message.kind === 'metric') reporter.metric(message.name, message.value);
        else if (message.kind === 'log') reporter.log(message.level, message.message);
        else
          outcome =
            message.kind === 'done' ? { output: message.output } : { error: PerennialError.fromInfo(message.error) };
      });

      let killer: NodeJS.Timeout | undefined;
      const cancel = (): void => {
        if (child.connected) child.send({ kind: 'cancel' } satisfies ToStepProcess);
        killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      };
      signal.addEventListener('abort', cancel, { once: true });

      const settle = (died: string | undefined): void => {
        clearTimeout(killer);
        signal.removeEventListener('abort', cancel);
        if (outcome && 'output' in outcome) resolve(outcome.output);
        else if (outcome) reject(outcome.error);
        else if (signal.aborted) reject(new PerennialError('CANCELLED', `Step "${call.step.id}" was cancelled.`));
        else {
          const last = stderr.trim().split('\n').slice(-3).join(' | ');
          reject(
            new PerennialError(
              'STEP_CRASHED',
              `The process of step "${call.step.id}" died (${died})${last ? `: ${last}` : ''}.`,
              {
                remedy: 'SIGKILL usually means that memory ran out: give the worker more, or the step less.',
              },
            ),
          );
        }
      };
      // Not once: a process that cannot be made fails again when it is sent its work.
      child.on('error', (error) => settle(error.message));
      child.once('exit', (code, killedBy) => settle(killedBy ?? `exit code ${code}`));
      const traceparent = activeTraceparent();
      child.send({ kind: 'run', call, attempt, ...(traceparent && { traceparent }) } satisfies ToStepProcess);
    });
}
