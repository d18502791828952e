import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { onlineRetailMapping, type SalesMapping } from '../../contracts/sales-mapping.ts';
import { createSourceReader } from '../../storage/sources/index.ts';
import { type S3, s3Server, startS3 } from '../support/s3.ts';
import { header, line, lines, type Workplace, workplace } from '../unit/offers/source.ts';

describe.skipIf(!s3Server)('sales in an object store', () => {
  let s3: S3;
  let place: Workplace;
  let bucket: string;
  beforeAll(async () => {
    s3 = await startS3();
    vi.stubEnv('AWS_ACCESS_KEY_ID', s3.credentials.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', s3.credentials.secretAccessKey);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await s3.stop();
  });
  beforeEach(async () => {
    place = await workplace();
    bucket = await s3.bucket();
  });
  afterEach(() => place.drop());

  const put = (Key: string, Body: string | Uint8Array) =>
    s3.client.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  const ingest = (address: string, mapping?: SalesMapping, maxBadShare = 0) => {
    const sources = createSourceReader({ s3: { endpoint: s3.endpoint, region: undefined }, secret: () => undefined });
    return place.ingest(address, { sources, maxBadShare, ...(mapping ? { mapping } : {}) });
  };

  it('come from all below a prefix, in folders or not, and from nowhere beside it', async () => {
    await put('landing/DE/2026-01-02.csv', header + lines(3, { market: 'Germany' }));
    await put('landing/2026-01-03.csv.gz', gzipSync(header + lines(2)));
    await put('landing/notes.txt', 'no sales');
    await put('landing/_SUCCESS', '');
    await put('landing-old/2026-01-01.csv', header + lines(9));
    for (const prefix of ['landing', 'landing/'])
      expect(await ingest(`s3://${bucket}/${prefix}`)).toMatchObject({ files: 2, rows: 5 });
    expect(await ingest(`s3://${bucket}/landing/2026-01-03.csv.gz`)).toMatchObject({ files: 1, rows: 2 });
  });

  it('are joined with a table beside them, chosen by name, and named in the quarantine', async () => {
    const mapping: SalesMapping = {
      ...onlineRetailMapping,
      files: '*.csv',
      columns: { ...onlineRetailMapping.columns, description: 'products.name' },
      join: [{ name: 'products', source: 'products.csv', on: { StockCode: 'code' } }],
    };
    await put('shop/2026-01-02.csv', header + lines(3) + line({ price: '-1' }));
    await put('shop/products.csv', 'code,name\n85123A,CUP\n');
    expect(await ingest(`s3://${bucket}/shop`, mapping, 0.5)).toMatchObject({
      files: 1,
      rows: 3,
      unmatched: { products: 0 },
    });
    expect((await place.sales()).map((row) => row['description'])).toEqual(['CUP', 'CUP', 'CUP']);
    expect(await place.quarantine()).toMatchObject([{ filename: `s3://${bucket}/shop/2026-01-02.csv` }]);
  });

  it('say what is wrong with the place', async () => {
    await expect(ingest(`s3://${bucket}/nothing`)).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      message: `The source "s3://${bucket}/nothing" holds no file to read.`,
    });
    await expect(ingest('s3://nobody-made-this/x')).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringMatching(/s3:\/\/nobody-made-this\/x cannot be listed: NoSuchBucket/),
    });
  });
});
