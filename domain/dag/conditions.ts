import { Environment } from '@marcbachmann/cel-js';
import { PerennialError } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import type { ExpressionScope } from '../../contracts/plan.ts';

// https://github.com/google/cel-spec; JSON numbers are CEL doubles, write int(params.n) for integer arithmetic.
const environment = new Environment()
  .registerVariable('params', 'map')
  .registerVariable('steps', 'map')
  .registerVariable('item', 'dyn');

interface AstNode {
  readonly op: string;
  readonly args: unknown;
}

function isNode(value: unknown): value is AstNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

/** What an expression reads of other steps: their ids, and whether it looks at a status. */
export interface ExpressionUse {
  readonly steps: ReadonlySet<string>;
  readonly readsStatus: boolean;
}

/**
 * Parses a CEL expression over `params`, `steps` and `item` and says what it uses.
 * EXPRESSION_INVALID on a fault of syntax or types, or an unknown name.
 */
export function inspectExpression(text: string): ExpressionUse {
  const expression = parse(text);
  const check = expression.check();
  if (!check.valid) throw invalid(text, check.error);
  const steps = new Set<string>();
  let readsStatus = false;
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      node.forEach(visit);
      return;
    }
    if (!isNode(node)) return;
    const [object, key] = Array.isArray(node.args) ? (node.args as unknown[]) : [];
    if ((node.op === '.' || node.op === '[]') && isNode(object)) {
      const name = isNode(key) ? (key.op === 'value' ? key.args : undefined) : key;
      if (object.op === 'id' && object.args === 'steps' && typeof name === 'string') steps.add(name);
      if (name === 'status') readsStatus = true;
    }
    visit(node.args);
  };
  visit(expression.ast);
  return { steps, readsStatus };
}

/** Evaluates an expression; EXPRESSION_INVALID with the expression and the reason when it cannot be evaluated. */
export function evaluateExpression(text: string, scope: ExpressionScope): Json {
  try {
    return toJson(parse(text)({ params: scope.params, steps: scope.steps, item: scope.item ?? null }));
  } catch (error) {
    throw error instanceof PerennialError ? error : invalid(text, error);
  }
}

/** Evaluates a condition; anything but true or false is EXPRESSION_INVALID. */
export function evaluateCondition(text: string, scope: ExpressionScope): boolean {
  const value = evaluateExpression(text, scope);
  if (typeof value === 'boolean') return value;
  throw new PerennialError(
    'EXPRESSION_INVALID',
    `The condition \`${text}\` gave ${JSON.stringify(value)}, not true or false.`,
    {
      remedy: 'Compare the value, for example `… == true` or `size(…) > 0`.',
    },
  );
}

/** The items of a map step with their keys, unique, in the list's order. */
export function evaluateItems(
  over: string,
  key: string | undefined,
  scope: ExpressionScope,
): { key: string; value: Json }[] {
  const list = evaluateExpression(over, scope);
  if (!Array.isArray(list)) {
    throw new PerennialError(
      'EXPRESSION_INVALID',
      `\`map.over\` \`${over}\` gave ${JSON.stringify(list)?.slice(0, 100)}, not a list.`,
      {
        remedy: 'Let the expression name an output that is a list.',
      },
    );
  }
  const seen = new Set<string>();
  return list.map((value, index) => {
    const named =
      key === undefined
        ? typeof value === 'string'
          ? value
          : index
        : evaluateExpression(key, { ...scope, item: value });
    const text = String(named);
    if (text === '' || seen.has(text)) {
      throw new PerennialError(
        'EXPRESSION_INVALID',
        `Item ${index} of \`${over}\` has the key "${text}", which is ${text === '' ? 'empty' : 'taken'}.`,
        {
          remedy: 'Give `map.key` an expression that is different for every item.',
        },
      );
    }
    seen.add(text);
    return { key: text, value };
  });
}

const parsed = new Map<string, ReturnType<typeof environment.parse>>();

function parse(text: string): ReturnType<typeof environment.parse> {
  let expression = parsed.get(text);
  if (!expression) {
    try {
      expression = environment.parse(text);
    } catch (error) {
      throw invalid(text, error);
    }
    parsed.set(text, expression);
  }
  return expression;
}

function invalid(text: string, cause: unknown): PerennialError {
  const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
  return new PerennialError('EXPRESSION_INVALID', `The expression \`${text}\` is not valid: ${reason}.`, {
    remedy: 'Expressions are CEL over `params`, `steps.<id>.status`, `steps.<id>.output` and, in a map, `item`.',
    cause,
  });
}

function toJson(value: unknown): Json {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Map) return Object.fromEntries([...value].map(([k, v]) => [String(k), toJson(v)]));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, toJson(v)]));
  }
  return (value ?? null) as Json;
}
