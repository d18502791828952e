import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { StepCall } from '../contracts/activities.ts';
import type { ArtifactRef } from '../contracts/artifacts.ts';
import { PerennialError } from '../contracts/errors.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import { artifactsIn } from '../domain/dag/artifacts-in.ts';
import type { CommandDefinition } from '../domain/dag/definition.ts';
import type { ProgramEnd } from '../domain/ports/programs.ts';
import type { StepContext } from '../domain/ports/step-context.ts';
import { activeTraceparent } from '../telemetry/tracing.ts';
import { parseCommandLine } from './command-lines.ts';

/** How long a cancelled program may take to stop by itself. */
const graceMs = 5_000;
/** EX_TEMPFAIL of sysexits.h. */
const retryByDefault = [75];
/** Lines of log that one attempt may write; more are counted and left out. */
const maxLogLines = 10_000;
/** The output goes through the records and the workflow's history; large data belongs into files. */
const maxOutput = 262_144;
const keptErrors = 5;
const maxErrorLine = 500;
const maxLogLine = 10_000;

/**
 * Runs a step's program: hands over parameters and inputs in a JSON file, reads progress, metrics and the output from
 * its standard output, and collects the files it leaves. docs/reference/external-steps.md is its contract.
 *
 * @returns `{ value, files }`: what it wrote as output, and its files as artifacts by path.
 * @throws PROGRAM_FAILED for an exit code that means no, STEP_FAILED for one that means later, STEP_CRASHED when a signal
 *   ended it.
 */
export async function runCommand(command: CommandDefinition, call: StepCall, context: StepContext): Promise<Json> {
  const { services, signal, scratch } = context;
  const outputs = join(scratch, 'outputs');
  const checkpoint = join(scratch, 'checkpoint');
  const request = join(scratch, 'request.json');
  const checkpointKey = ['command', call.runId, call.step.id, call.item?.key ?? ''].join('/');
  await mkdir(outputs);
  const earlier = await services.checkpoints.load(checkpointKey);
  if (earlier) await writeFile(checkpoint, earlier);
  await writeFile(request, JSON.stringify(await requestOf(call, context, { outputs, checkpoint }), null, 1));

  const abort = new AbortController();
  const stop = (): void => abort.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  let value: Json = null;
  let fault: PerennialError | undefined;
  let logged = 0;
  let saving: Promise<void> = Promise.resolve();
  const lastErrors: string[] = [];
  const log = (level: Parameters<StepContext['log']>[0], message: string): void => {
    logged += 1;
    if (logged <= maxLogLines) context.log(level, message);
  };
  const save = (): void => {
    saving = saving.then(async () => services.checkpoints.save(checkpointKey, await readFile(checkpoint)));
    saving.catch((error: unknown) => log('warn', `the checkpoint was not kept: ${String(error)}`));
  };
  const onLine = (stream: 'stdout' | 'stderr', line: string): void => {
    if (fault) return;
    if (stream === 'stderr') {
      if (line.trim() !== '') lastErrors.push(line.slice(0, maxErrorLine));
      if (lastErrors.length > keptErrors) lastErrors.shift();
      log('info', line.slice(0, maxLogLine));
      return;
    }
    try {
      const said = parseCommandLine(line);
      if (said.type === 'progress') context.progress(said.done, said.total, said.unit);
      else if (said.type === 'metric') context.metric(said.name, said.value);
      else if (said.type === 'log') log(said.level, said.message);
      else if (said.type === 'checkpoint') save();
      else value = said.value;
    } catch (error) {
      fault = error as PerennialError;
      abort.abort();
    }
  };

  try {
    const traceparent = activeTraceparent();
    const env = {
      TMPDIR: scratch,
      // As programs that OpenTelemetry measures expect it.
      ...(traceparent && { TRACEPARENT: traceparent }),
      ...command.env,
      PERENNIAL_REQUEST: request,
    };
    const end = await services.programs.run({
      argv: command.argv,
      env,
      cwd: command.cwd,
      signal: abort.signal,
      graceMs,
      onLine,
    });
    if (logged > maxLogLines) context.log('warn', `${logged - maxLogLines} more lines of log are left out`);
    await saving.catch(() => undefined);
    signal.throwIfAborted();
    if (fault) throw fault;
    refuse(end, call, command, lastErrors);
    if (Buffer.byteLength(JSON.stringify(value)) > maxOutput) {
      throw new PerennialError(
        'PROGRAM_FAILED',
        `The output of step "${call.step.id}" is larger than ${maxOutput} bytes.`,
        {
          remedy: 'Write large data to files in the outputs folder.',
        },
      );
    }
    const files = await collect(outputs, context);
    await services.checkpoints.remove(checkpointKey);
    return { value, files: files as unknown as JsonObject };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** What the program finds in the file that PERENNIAL_REQUEST names. */
async function requestOf(
  call: StepCall,
  { services, attempt, params, inputs, item }: StepContext,
  paths: { readonly outputs: string; readonly checkpoint: string },
): Promise<JsonObject> {
  const files: Record<string, string> = {};
  for (const ref of [...artifactsIn(inputs as JsonObject), ...artifactsIn(item?.value ?? null)])
    files[ref.uri] ??= await services.artifacts.getFile(ref);
  return {
    version: 1,
    run: { id: call.runId, pipeline: call.pipeline, step: call.step.id, attempt },
    params: params as JsonObject,
    inputs: { ...inputs },
    item: item ? { key: item.key, value: item.value } : null,
    files,
    ...paths,
  };
}

function refuse(
  { code, signal }: ProgramEnd,
  call: StepCall,
  command: CommandDefinition,
  last: readonly string[],
): void {
  if (code === 0) return;
  const words = last.length > 0 ? `: ${last.join(' | ')}` : '';
  if (signal !== null) {
    throw new PerennialError('STEP_CRASHED', `The program of step "${call.step.id}" was ended by ${signal}${words}.`, {
      remedy: 'SIGKILL usually means that memory ran out: give the worker more, or the step less.',
    });
  }
  const isPassing = (command.retryExitCodes ?? retryByDefault).includes(code ?? 0);
  throw new PerennialError(
    isPassing ? 'STEP_FAILED' : 'PROGRAM_FAILED',
    `The program of step "${call.step.id}" ended with exit code ${code}${words}.`,
    {
      remedy: isPassing
        ? 'It asked to be tried again; see its log.'
        : 'See its log; exit codes of command.retryExitCodes are tried again.',
    },
  );
}

/** The files of the outputs folder as artifacts, by their paths below it. */
async function collect(folder: string, { services, stepId }: StepContext): Promise<Record<string, ArtifactRef>> {
  const files: Record<string, ArtifactRef> = {};
  if (!(await lstat(folder)).isDirectory()) {
    throw new PerennialError('PROGRAM_FAILED', `Step "${stepId}" put something else in place of its outputs folder.`, {
      remedy: 'Write files into the folder; links are not followed.',
    });
  }
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path).split(sep).join('/');
    if (entry.isDirectory()) continue;
    if (!entry.isFile()) {
      throw new PerennialError('PROGRAM_FAILED', `Step "${stepId}" left "${name}", which is no regular file.`, {
        remedy: 'Leave files and folders only: links are not followed.',
      });
    }
    files[name] = await services.artifacts.putFile(path);
  }
  return files;
}
