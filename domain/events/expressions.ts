import { Environment } from '@marcbachmann/cel-js';
import { PerennialError } from '../../contracts/errors.ts';
import type { CloudEvent } from '../../contracts/events.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';

const environment = new Environment().registerVariable('event', 'dyn');

/** EXPRESSION_INVALID unless the text is CEL over `event`. */
export function checkEventExpression(text: string): void {
  try {
    const check = environment.parse(text).check();
    if (!check.valid) throw check.error ?? new Error('it does not fit the types');
  } catch (error) {
    throw invalid(text, error);
  }
}

/** Values of expressions over an event, by name. EXPRESSION_INVALID with the one that cannot be evaluated. */
export function evaluateEventExpressions(expressions: Readonly<Record<string, string>>, event: CloudEvent): JsonObject {
  return Object.fromEntries(
    Object.entries(expressions).map(([name, text]) => {
      try {
        return [name, toJson(environment.parse(text)({ event }))];
      } catch (error) {
        throw invalid(text, error);
      }
    }),
  );
}

function invalid(text: string, cause: unknown): PerennialError {
  const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
  return new PerennialError('EXPRESSION_INVALID', `The expression \`${text}\` is not valid: ${reason}.`, {
    remedy: 'Expressions are CEL over `event`, for example `event.data.market`.',
    cause,
  });
}

function toJson(value: unknown): Json {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Map) return Object.fromEntries([...value].map(([k, v]) => [String(k), toJson(v)]));
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, toJson(v)]));
  return (value ?? null) as Json;
}
