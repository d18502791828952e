import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sourceSecret } from '../../../config/index.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import { onlineRetailMapping } from '../../../contracts/sales-mapping.ts';
import { shownLocation } from '../../../contracts/source-location.ts';
import { validateParams } from '../../../domain/dag/params.ts';
import type { StepContext } from '../../../domain/ports/step-context.ts';
import { offers } from '../../../pipelines/offers/index.ts';
import type { OffersParams } from '../../../pipelines/offers/params.ts';
import { ingest } from '../../../pipelines/offers/steps/ingest.ts';
import { header, lines, sources, sql, type Workplace, workplace } from './source.ts';

const failureOf = (params: JsonObject): { message: string; fields: { field: string; value?: unknown }[] } => {
  try {
    validateParams(offers, params);
  } catch (error) {
    return error as ReturnType<typeof failureOf>;
  }
  throw new Error('the parameters were accepted');
};

describe('the parameters of an offers run', () => {
  it('hold a mapping as it was given, so that the record of the run tells it', () => {
    const mapping = onlineRetailMapping as unknown as JsonObject;
    expect(validateParams(offers, { source: '/data', mapping })['mapping']).toEqual(mapping);
    expect(validateParams(offers, {})).not.toHaveProperty('mapping');
  });

  it('name the field of a mapping that does not hold', () => {
    const columns = { ...onlineRetailMapping.columns, price: { column: 'a', constant: 1 } };
    expect(failureOf({ mapping: { columns } as unknown as JsonObject }).fields).toMatchObject([
      { field: 'mapping.columns.price', message: expect.stringContaining('exactly one of') },
    ]);
  });

  it.each([
    'postgres://reader:s3cret@db/shop',
    'postgresql://reader:s3c/ret@db/shop',
    'POSTGRES://reader:s3cret@db/shop',
    'https://user:s3cret@example.org/sales.csv',
    'https://s3cret@example.org/sales.csv',
    'https://bucket.example.org/a.csv?X-Amz-Date=1&X-Amz-Signature=s3cret',
    'https://example.org/a.csv?sv=1&sig=s3cret',
    'https://example.org/a.csv?token=s3cret',
    'postgres://reader@db/shop?password=s3cret',
  ])('refuse %s, and repeat no secret of it', (source) => {
    const failure = failureOf({ source });
    expect(failure.fields).toMatchObject([{ field: 'source' }]);
    expect(`${failure.message} ${JSON.stringify(failure)}`).not.toMatch(/s3c/);
  });

  it.each([
    '/data/sales',
    '../sales@home',
    's3://bucket/prefix/2026',
    'postgres://reader@db:5432/shop?sslmode=require',
    'https://example.org:8443/@team/sales.csv?day=1',
  ])('take %s', (source) => {
    expect(validateParams(offers, { source })['source']).toBe(source);
    expect(shownLocation(source)).toBe(source.replace(/:\/\/reader@/, '://').replace(/\?.*/, '?…'));
  });
});

describe('variables that a mapping names', () => {
  it('are those that were made for it', () => {
    process.env['SOURCE_TEST_SECRET'] = 'x';
    expect(sourceSecret('SOURCE_TEST_SECRET')).toBe('x');
    delete process.env['SOURCE_TEST_SECRET'];
    expect(sourceSecret('PATH')).toBeUndefined();
  });
});

describe('the step that ingests', () => {
  let place: Workplace;
  beforeEach(async () => {
    place = await workplace();
  });
  afterEach(() => place.drop());

  it('reads by the mapping of the run, and logs what was filtered and found no partner', async () => {
    const source = await place.source({ 'a.csv': header + lines(3), 'p.csv': 'code\nX\n' });
    const params = validateParams(offers, {
      source,
      mapping: {
        ...onlineRetailMapping,
        where: "InvoiceNo <> '600000'",
        join: [{ name: 'p', source: 'p.csv', on: { StockCode: 'code' } }],
      } as unknown as JsonObject,
    });
    const logged: string[] = [];
    const context: Partial<StepContext<OffersParams>> = {
      params: params as unknown as OffersParams,
      services: { lake: place.lake, sql, sources } as StepContext['services'],
      signal: new AbortController().signal,
      progress: () => {},
      metric: () => {},
      log: (level, message) => logged.push(`${level} ${message}`),
    };
    const output = await ingest.run?.(context as StepContext<OffersParams>);
    expect(output).toMatchObject({ rows: 2, filtered: 1, unmatched: { p: 3 } });
    expect(logged).toEqual([
      expect.stringContaining('info 2 rows'),
      'warn 3 row(s) have no partner in the joined table p',
      'info 1 row(s) were left out by the filter of the mapping',
    ]);
  });
});
