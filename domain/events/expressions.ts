import { PerennialError } from '../../contracts/errors.ts';
import type { CloudEvent } from '../../contracts/events.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { evaluate, reasonOf } from './rules/expressions.ts';

/**
 * Values of expressions over an event, by name. EXPRESSION_INVALID with the one that cannot be evaluated, or takes too
 * long: the event is a sender's, who must not hold up the events of others.
 */
export function evaluateEventExpressions(expressions: Readonly<Record<string, string>>, event: CloudEvent): JsonObject {
  return Object.fromEntries(
    Object.entries(expressions).map(([name, text]) => {
      try {
        return [name, evaluate('event', text, { event })];
      } catch (cause) {
        throw new PerennialError(
          'EXPRESSION_INVALID',
          `The parameter ${name}, \`${text}\`, cannot be evaluated: ${reasonOf(cause)}.`,
          { remedy: 'Expressions are CEL over `event`, for example `event.data.market`.', cause },
        );
      }
    }),
  );
}
