import { createContext, Script } from 'node:vm';
import { Environment } from '@marcbachmann/cel-js';
import type { FieldFault } from '../../../contracts/errors.ts';
import type { Json, JsonObject } from '../../../contracts/json.ts';

// https://github.com/google/cel-spec. A person who may write rules is trusted to mean well, not to write small.
const limits = { maxAstNodes: 1000, maxDepth: 50, maxListElements: 200, maxMapEntries: 200, maxCallArguments: 16 };
/** Longest time an expression may take: one that multiplies lists, or a pattern that backtracks, is ended. */
const mostMs = 200;
/** Longest limit by the clock, however busy the machine is; milliseconds. */
const longestMs = 10_000;
/** Largest text of a value that is kept with an evaluation. */
const mostText = 500;
/** Largest text that stands for one expression of a message. */
const mostFilled = 2000;

const options = { limits, homogeneousAggregateLiterals: false };
const environments = {
  /** Conditions and keys: over one event. */
  event: new Environment(options).registerVariable('event', 'dyn'),
  /** Parameters and messages: over what a rule has gathered. */
  firing: new Environment(options)
    .registerVariable('events', 'map')
    .registerVariable('event', 'dyn')
    .registerVariable('key', 'string')
    .registerVariable('missing', 'list')
    .registerVariable('deadline', 'dyn')
    .registerVariable('rule', 'string'),
};
export type Scope = keyof typeof environments;

type Parsed = ReturnType<Environment['parse']>;
interface AstNode {
  readonly op: string;
  readonly args: unknown;
  readonly start: number;
  readonly end: number;
}

const parsed = new Map<string, Parsed>();
const mostParsed = 5000;

function parse(scope: Scope, text: string): Parsed {
  const name = `${scope}:${text}`;
  let expression = parsed.get(name);
  if (!expression) {
    expression = environments[scope].parse(text);
    if (parsed.size >= mostParsed) parsed.clear();
    parsed.set(name, expression);
  }
  return expression;
}

const holder: { work: () => unknown } = { work: () => undefined };
const context = createContext(holder);
const script = new Script('work()');

/**
 * Runs synchronous work and ends it after {@link mostMs}. The limit goes by the clock: work that was ended and has not
 * had so much of the processor, because the machine is busy, is begun again with a longer one.
 */
function bounded<T>(work: () => T): T {
  holder.work = work;
  try {
    for (let timeout = mostMs; ; timeout *= 2) {
      const before = workedMs();
      try {
        return script.runInContext(context, { timeout }) as T;
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
        if (workedMs() - before >= mostMs * 0.8 || timeout > longestMs)
          throw new Error(`it takes longer than ${mostMs} ms`);
      }
    }
  } finally {
    holder.work = () => undefined;
  }
}

/** The processor time of this thread, or, where Node cannot tell, of the process; milliseconds. */
function workedMs(): number {
  const { threadCpuUsage } = process as { threadCpuUsage?: typeof process.cpuUsage };
  const { user, system } = threadCpuUsage ? threadCpuUsage.call(process) : process.cpuUsage();
  return (user + system) / 1000;
}

/** The value of an expression; throws an Error whose first line says why there is none. */
export function evaluate(scope: Scope, text: string, values: Readonly<Record<string, unknown>>): Json {
  const expression = parse(scope, text);
  // The result too: one that holds the same list twice, many times over, is small until it is written out.
  return bounded(() => toJson(expression({ ...values })));
}

/** What an expression read of the event: each longest path, such as `event.data.market`, with its value. */
export function readsOf(text: string, event: unknown): JsonObject {
  const paths = new Set<string>();
  visit(parse('event', text).ast, (node) => {
    if (rootOf(node) !== 'event') return true;
    if (node.op !== 'id') paths.add(text.slice(node.start, node.end));
    return false;
  });
  const reads: JsonObject = {};
  for (const path of [...paths].slice(0, 20)) {
    try {
      reads[path] = shortened(evaluate('event', path, { event }));
    } catch {
      // What is not there is told by the error of the whole expression, or was asked for by `has()`.
      reads[path] = null;
    }
  }
  return reads;
}

/** Names that an expression reads of `events`. */
export function patternsRead(text: string): Set<string> {
  const names = new Set<string>();
  visit(parse('firing', text).ast, (node) => {
    const [object, member] = membersOf(node);
    if (isNode(object) && object.op === 'id' && object.args === 'events') {
      const name = isNode(member) ? (member.op === 'value' ? member.args : undefined) : member;
      if (typeof name === 'string') names.add(name);
    }
    return true;
  });
  return names;
}

/** The fault of an expression, or none. */
export function expressionFault(scope: Scope, field: string, text: string): FieldFault[] {
  try {
    const check = parse(scope, text).check();
    return check.valid ? [] : [{ field, value: text, message: `is not valid CEL: ${reasonOf(check.error)}` }];
  } catch (error) {
    return [{ field, value: text, message: `is not valid CEL: ${reasonOf(error)}` }];
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}

/** The expressions of a text with `{{ }}`. */
export function templateExpressions(text: string): string[] {
  return [...text.matchAll(/\{\{(.*?)\}\}/gs)].map(([, expression]) => expression?.trim() ?? '');
}

export function fillTemplate(text: string, values: Readonly<Record<string, unknown>>): string {
  return text.replaceAll(/\{\{(.*?)\}\}/gs, (_all, expression: string) => {
    const value = evaluate('firing', expression.trim(), values);
    const filled = typeof value === 'string' ? value : JSON.stringify(value);
    return filled.length <= mostFilled ? filled : `${storable(filled.slice(0, mostFilled))}…`;
  });
}

/** A value as it is kept with an evaluation. */
export function shortened(value: Json): Json {
  const text = JSON.stringify(value) ?? 'null';
  return text.length <= mostText ? value : `${storable(text.slice(0, mostText))}…`;
}

function isNode(value: unknown): value is AstNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

function membersOf(node: AstNode): unknown[] {
  return (node.op === '.' || node.op === '[]') && Array.isArray(node.args) ? (node.args as unknown[]) : [];
}

/** The name at the start of a chain of members that are named or numbered; null when the node is no such chain. */
function rootOf(node: AstNode): unknown {
  if (node.op === 'id') return node.args;
  const [object, member] = membersOf(node);
  // A member that is worked out may take as long as the expression itself.
  return isNode(object) && !(isNode(member) && member.op !== 'value') ? rootOf(object) : null;
}

/** Calls `look` for a node and, where that says true, for what is below it. */
function visit(node: unknown, look: (node: AstNode) => boolean): void {
  if (Array.isArray(node)) for (const member of node) visit(member, look);
  else if (isNode(node) && look(node)) visit(node.args, look);
}

/** A text as PostgreSQL can keep it: U+FFFD stands for U+0000 and for halves of surrogate pairs. */
function storable(text: string): string {
  return text.replaceAll(/[\0\p{Surrogate}]/gu, '\uFFFD');
}

function toJson(value: unknown): Json {
  if (typeof value === 'string') return storable(value);
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Map) return Object.fromEntries([...value].map(([k, v]) => [storable(String(k)), toJson(v)]));
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [storable(k), toJson(v)]));
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : ((value ?? null) as Json);
}
