import { Environment } from '@marcbachmann/cel-js';
import { PerennialError } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { wallOf } from './zone.ts';

const names = ['date', 'previousDate', 'nextDate', 'time', 'scheduledTime', 'scheduleId'] as const;
/** What an expression in a schedule's parameters can name; all are text. */
export type ScheduleScope = Readonly<Record<(typeof names)[number], string>>;

const environment = new Environment();
for (const name of names) environment.registerVariable(name, 'string');

const dayMs = 86_400_000;

/** The scope of a start: dates (YYYY-MM-DD) and time (HH:MM) are local, `scheduledTime` is ISO 8601 UTC. */
export function scheduleScope(scheduleId: string, timeZone: string, scheduledAt: number): ScheduleScope {
  const wall = wallOf(timeZone, scheduledAt);
  const local = (time: number): string => new Date(time).toISOString();
  return {
    date: local(wall).slice(0, 10),
    previousDate: local(wall - dayMs).slice(0, 10),
    nextDate: local(wall + dayMs).slice(0, 10),
    time: local(wall).slice(11, 16),
    scheduledTime: local(scheduledAt).replace('.000Z', 'Z'),
    scheduleId,
  };
}

/**
 * Parameters with what stands in `{{ }}` evaluated as CEL. Text that is one expression becomes its value, whatever type
 * it has; in longer text the value is written out.
 *
 * @throws EXPRESSION_INVALID with the parameter as its field.
 */
export function resolveParams(params: JsonObject, scope: ScheduleScope): JsonObject {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, resolve(name, value, scope)]));
}

function resolve(field: string, value: Json, scope: ScheduleScope): Json {
  if (Array.isArray(value)) return value.map((item) => resolve(field, item, scope));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(field, item, scope)]));
  if (typeof value !== 'string') return value;
  const whole = /^\s*\{\{((?:(?!\}\}).)*)\}\}\s*$/s.exec(value);
  if (whole) return evaluate(field, whole[1] ?? '', scope);
  return value.replace(/\{\{(.*?)\}\}/gs, (_text, expression: string) => String(evaluate(field, expression, scope)));
}

function evaluate(field: string, expression: string, scope: ScheduleScope): Json {
  try {
    const value: unknown = environment.evaluate(expression.trim(), { ...scope });
    return (typeof value === 'bigint' ? Number(value) : (value ?? null)) as Json;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new PerennialError('EXPRESSION_INVALID', `The expression \`${expression.trim()}\` is not valid: ${reason}.`, {
      fields: [{ field, value: expression.trim(), message: reason }],
      remedy: `An expression is CEL over ${names.join(', ')}.`,
      cause: error,
    });
  }
}
