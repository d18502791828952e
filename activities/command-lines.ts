import { PerennialError } from '../contracts/errors.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { StepContext } from '../domain/ports/step-context.ts';

/** What a program says on its standard output, one JSON object a line. */
export type CommandLine =
  | { readonly type: 'progress'; readonly done: number; readonly total: number; readonly unit: string }
  | { readonly type: 'metric'; readonly name: string; readonly value: number }
  | { readonly type: 'log'; readonly level: Parameters<StepContext['log']>[0]; readonly message: string }
  | { readonly type: 'output'; readonly value: Json }
  | { readonly type: 'checkpoint' };

const levels: readonly string[] = ['debug', 'info', 'warn', 'error'];
const maxMessage = 10_000;
const ours = /"type"\s*:\s*"(progress|metric|log|output|checkpoint)"/;

/**
 * A line of a program's standard output. Anything but a JSON object with a `type` of ours is a log line.
 *
 * @throws PROGRAM_FAILED when a line of a type of ours has a fault: a metric that is lost unseen would be worse.
 */
export function parseCommandLine(line: string): CommandLine {
  const log: CommandLine = { type: 'log', level: 'info', message: line.slice(0, maxMessage) };
  if (!line.startsWith('{')) return log;
  let given: JsonObject;
  try {
    given = JSON.parse(line) as JsonObject;
  } catch {
    // Such as NaN, which JSON does not have, or a line that was cut because it is too long.
    if (ours.test(line)) throw fault(line, 'is no JSON');
    return log;
  }
  const { type } = given;
  if (type === 'progress') {
    const { done, total = 0, unit = '' } = given;
    if (!isCount(done) || !isCount(total) || typeof unit !== 'string')
      throw fault(line, 'needs a number done from 0, and may have a number total and a text unit');
    return { type, done, total, unit: unit.slice(0, 50) };
  }
  if (type === 'metric') {
    const { name, value } = given;
    if (typeof name !== 'string' || !/^[\w.-]{1,100}$/.test(name) || !Number.isFinite(value))
      throw fault(line, 'needs a name of letters, digits, dots and dashes, and a finite number as value');
    return { type, name, value: value as number };
  }
  if (type === 'log') {
    const { level = 'info', message } = given;
    if (typeof message !== 'string' || !levels.includes(String(level)))
      throw fault(line, `needs a text message, and may have a level of ${levels.join(', ')}`);
    return { type, level: level as 'info', message: message.slice(0, maxMessage) };
  }
  if (type === 'output') {
    if (!('value' in given)) throw fault(line, 'needs a value');
    return { type, value: given['value'] ?? null };
  }
  return type === 'checkpoint' ? { type } : log;
}

function isCount(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) >= 0;
}

function fault(line: string, message: string): PerennialError {
  return new PerennialError('PROGRAM_FAILED', `The program wrote ${line.slice(0, 200)}, which ${message}.`, {
    remedy: 'Correct the program; docs/reference/external-steps.md has the lines.',
  });
}
