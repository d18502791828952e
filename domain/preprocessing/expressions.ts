import { type FieldFault, PerennialError } from '../../contracts/errors.ts';
import type { SqlEngine } from '../ports/sql-engine.ts';
import { quote } from './sql.ts';

/** Functions of one row that read nothing else, change nothing and make no value much larger than what they are given. */
const functions = new Set(
  `+ - * / // % ** ^ || ~~ !~~ ~~* !~~* ^@ abs ceil ceiling floor round trunc sign sqrt power pow exp ln log log10 mod greatest least
  isnan isfinite isinf nullif ifnull if trim ltrim rtrim upper ucase lower lcase length len strlen left right substring substr
  replace translate reverse split_part string_split concat concat_ws contains starts_with prefix ends_with suffix strpos position instr
  strip_accents regexp_matches regexp_full_match regexp_replace regexp_extract like_escape ilike_escape not_like_escape
  md5 sha256 hash chr ascii unicode date_part datepart date_trunc datetrunc date_diff datediff date_add date_sub make_date make_time
  make_timestamp strftime strptime try_strptime epoch epoch_ms to_timestamp year month day hour minute second quarter week
  dayofweek dayofmonth dayofyear isodow last_day to_years to_months to_days to_hours to_minutes to_seconds timezone
  as_number as_time`.split(/\s+/),
);

const classes = new Set([
  'COLUMN_REF',
  'CONSTANT',
  'FUNCTION',
  'OPERATOR',
  'COMPARISON',
  'CONJUNCTION',
  'CASE',
  'CAST',
  'BETWEEN',
]);

/** Types a value may be cast to. */
const types = new Set([
  ...'BOOLEAN TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT FLOAT DOUBLE DECIMAL'.split(
    ' ',
  ),
  ...['VARCHAR', 'DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'INTERVAL'],
]);

interface Node {
  readonly class?: string;
  readonly type?: string;
  readonly function_name?: string;
  readonly catalog?: string;
  readonly schema?: string;
  readonly distinct?: boolean;
  readonly filter?: unknown;
  readonly alias?: string;
  readonly column_names?: readonly string[];
  readonly cast_type?: { readonly id: string };
}

export interface Expression {
  /** As the engine's parser understood it: what is run. */
  readonly sql: string;
  /** Names of the columns it reads; of a joined table `table.column`. */
  readonly columns: readonly string[];
}

/**
 * Checks that a text is one SQL expression over a row: no subquery, no aggregate or window, and only functions that
 * read nothing but their arguments. The engine's own parser reads it, so that what is checked is what will run.
 *
 * @param field the name under which a fault is told.
 * @throws PARAMETER_INVALID naming the field, the text and what is wrong with it.
 */
export async function checkExpression(engine: SqlEngine, field: string, text: string): Promise<Expression> {
  const refuse = (message: string): never => {
    const fault: FieldFault = { field, value: text, message };
    throw new PerennialError('PARAMETER_INVALID', `${field} = ${JSON.stringify(text).slice(0, 200)} ${message}.`, {
      fields: [fault],
      remedy: 'Write one expression over the columns of a row, such as as_number(amount) / as_number(pieces).',
    });
  };
  if (text.includes('\u0000')) refuse('holds the character U+0000');
  const [parsed] = await engine.query(
    `select cast(json_serialize_sql(${quote(`select ${text}`)}, skip_null := true, skip_empty := true, skip_default := true) as varchar) as tree`,
  );
  const tree = String(parsed?.['tree']);
  const statement = JSON.parse(tree) as {
    error: boolean;
    error_message?: string;
    statements?: { node: Record<string, unknown>; named_param_map?: unknown }[];
  };
  if (statement.error) {
    const reason = statement.error_message ?? '';
    return refuse(
      reason.startsWith('Only SELECT') ? 'is not one expression' : `cannot be understood: ${reason.split('\n')[0]}`,
    );
  }
  const node = statement.statements?.[0]?.node;
  const known = new Set(['type', 'select_list', 'from_table', 'aggregate_handling']);
  const selected = node?.['select_list'] as Node[] | undefined;
  if (
    statement.statements?.length !== 1 ||
    node?.['type'] !== 'SELECT_NODE' ||
    Object.keys(node).some((key) => !known.has(key)) ||
    node['aggregate_handling'] !== 'STANDARD_HANDLING' ||
    (node['from_table'] as Node | undefined)?.type !== 'EMPTY' ||
    selected?.length !== 1 ||
    selected[0]?.alias !== undefined
  ) {
    return refuse('is not one expression');
  }
  const columns = new Set<string>();
  visit(selected[0], (part) => {
    const fault = faultOf(part);
    if (fault) refuse(fault);
    if (part.class === 'COLUMN_REF') columns.add((part.column_names ?? []).join('.'));
  });
  // By the engine, since numbers beyond 2^53 would not come back out of JavaScript as they were.
  const [written] = await engine.query(
    `select json_deserialize_sql(json_serialize_sql(${quote(`select ${text}`)})) as sql`,
  );
  const sql = String(written?.['sql']).replace(/^SELECT\s+/, '');
  return { sql: `(${sql})`, columns: [...columns] };
}

/** Calls `seen` with every expression below `value`. */
function visit(value: unknown, seen: (node: Node) => void): void {
  if (Array.isArray(value)) for (const each of value) visit(each, seen);
  else if (typeof value === 'object' && value !== null) {
    if ('class' in value) seen(value as Node);
    for (const [key, below] of Object.entries(value)) {
      if (key !== 'value' || (value as Node).class !== 'CONSTANT') visit(below, seen);
    }
  }
}

function faultOf(node: Node): string | undefined {
  if (node.class === 'SUBQUERY') return 'has a subquery, which is not allowed';
  if (node.class === 'WINDOW') return 'has a window function, which is not allowed';
  if (node.class === 'COLUMN_REF' && (node.column_names?.length ?? 0) > 2) return 'names a column by more than a table';
  if (node.class === 'FUNCTION') {
    const name = node.function_name ?? '';
    const elsewhere = node.catalog || (node.schema && node.schema !== 'main');
    if (!functions.has(name) || elsewhere || node.filter || node.distinct)
      return `uses the function ${name}, which is not among those allowed`;
  }
  if (node.class === 'CAST' && !types.has(node.cast_type?.id ?? ''))
    return `casts to ${node.cast_type?.id}, which is not among the types allowed`;
  return classes.has(node.class ?? '') ? undefined : `has ${node.class}, which is not allowed`;
}
