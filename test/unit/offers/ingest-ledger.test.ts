import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onlineRetailMapping } from '../../../contracts/sales-mapping.ts';
import { header, line, type Workplace, workplace } from './source.ts';

let place: Workplace;
let source: string;
beforeEach(async () => {
  place = await workplace();
  source = await place.source({
    '2011-11-07.csv':
      header + line({ at: '2011-11-07 10:00:00' }) + line({ at: '2011-11-07 11:00:00', market: 'France' }),
    '2011-11-08.csv': header + line(),
    '2011-11-09.csv': header + line({ at: '2011-11-09 10:00:00' }),
  });
});
afterEach(() => place.drop());

const change = (name: string, text: string): Promise<void> => writeFile(join(source, name), text);

/** Where each partition's files are: another place when it was written again. */
async function versions(): Promise<Record<string, string>> {
  const partitions = await place.lake.list('offers/sales');
  return Object.fromEntries(
    partitions.map(({ partition, uri }) => [`${partition['date']} ${partition['market']}`, uri]),
  );
}

describe('a source that comes again', () => {
  it('is not read when nothing has changed, and leaves the lake as it is', async () => {
    expect(await place.ingest(source)).toMatchObject({ files: 3, rows: 4, partitions: 4 });
    const [before, sales] = [await versions(), await place.sales()];
    expect(await place.ingest(source)).toEqual({
      files: 3,
      unchanged: 3,
      rows: 0,
      quarantined: 0,
      reasons: [],
      markets: [],
      firstDate: null,
      lastDate: null,
      partitions: 0,
    });
    expect(await versions()).toEqual(before);
    expect(await place.sales()).toEqual(sales);
  });

  it('writes the partitions of a changed day only', async () => {
    await place.ingest(source);
    const before = await versions();
    await change('2011-11-08.csv', header + line({ quantity: '7' }));
    expect(await place.ingest(source)).toMatchObject({ files: 3, unchanged: 2, rows: 1, partitions: 1 });
    const after = await versions();
    const day = '2011-11-08 United Kingdom';
    expect(after[day]).not.toBe(before[day]);
    expect({ ...after, [day]: '' }).toEqual({ ...before, [day]: '' });
    expect((await place.sales()).find((row) => row['sold_at'] === '2011-11-08T08:26:00.000Z')?.['quantity']).toBe(7);
    expect(await place.ingest(source)).toMatchObject({ unchanged: 3 });
  });

  it('reads a new file alone, and what else is of its days', async () => {
    await place.ingest(source);
    await change('2011-11-10.csv', header + line({ at: '2011-11-10 10:00:00' }));
    expect(await place.ingest(source)).toMatchObject({ files: 4, unchanged: 3, rows: 1 });
    // Late bookings of a day that another file brought.
    await change('late.csv', header + line({ invoice: '9', at: '2011-11-08 23:00:00' }));
    await place.ingest(source);
    expect(await place.sales()).toHaveLength(6);
    expect(await place.ingest(source)).toMatchObject({ files: 5, unchanged: 5 });
    // Both files are of that day now: it comes whole whichever changes.
    await change('late.csv', header + line({ invoice: '9', at: '2011-11-08 23:00:00', quantity: '1' }));
    expect(await place.ingest(source)).toMatchObject({ unchanged: 3, rows: 2 });
    expect(await place.sales()).toHaveLength(6);
    await rm(join(source, 'late.csv'));
    expect(await place.ingest(source)).toMatchObject({ files: 4, unchanged: 3, rows: 1 });
    expect(await place.sales()).toHaveLength(5);
  });

  it('follows a day that moved to another file', async () => {
    await place.ingest(source);
    await change('2011-11-08.csv', header);
    await change('2011-11-09.csv', header + line({ invoice: '1' }) + line({ at: '2011-11-09 10:00:00' }));
    await place.ingest(source);
    expect((await place.sales()).map((row) => row['invoice'])).toEqual(['536365', '536365', '1', '536365']);
  });

  it('is read where somebody else has changed its days since', async () => {
    await place.ingest(source);
    const sales = await place.sales();
    await place.ingest(await place.source({ 'other.csv': header + line({ quantity: '99' }) }));
    expect(await place.ingest(source)).toMatchObject({ unchanged: 2, rows: 1 });
    expect(await place.sales()).toEqual(sales);
    await place.lake.remove('offers/sales', { market: 'France', date: '2011-11-07' });
    expect(await place.ingest(source)).toMatchObject({ unchanged: 2, rows: 2 });
    expect(await place.sales()).toEqual(sales);
  });

  it('is read again for another mapping, market or share of bad rows', async () => {
    await place.ingest(source);
    const mapping = { ...onlineRetailMapping, productPattern: '^9' };
    expect(await place.ingest(source, { mapping })).toMatchObject({ rows: 4 });
    expect((await place.sales()).every((row) => row['is_product'] === false)).toBe(true);
    expect(await place.ingest(source, { market: 'France' })).toMatchObject({ rows: 1 });
    expect(await place.ingest(source, { market: 'France' })).toMatchObject({ unchanged: 3 });
    expect(await place.ingest(source, { maxBadShare: 0.2 })).toMatchObject({ rows: 4 });
  });

  it('keeps the bad rows of files that are not read, and is refused as a whole', async () => {
    await change(
      '2011-11-09.csv',
      header + line({ at: '2011-11-09 10:00:00' }) + line({ at: '2011-11-09 11:00:00', price: 'x' }),
    );
    await place.ingest(source, { maxBadShare: 0.5 });
    const quarantine = await place.quarantine();
    expect(quarantine).toHaveLength(1);
    await change('2011-11-08.csv', header + line({ quantity: '7' }));
    expect(await place.ingest(source, { maxBadShare: 0.5 })).toMatchObject({ unchanged: 2, quarantined: 0 });
    expect(await place.quarantine()).toEqual(quarantine);
    await change('2011-11-08.csv', header + line({ quantity: 'x' }));
    const refused = expect.objectContaining({ code: 'QUARANTINE_EXCEEDED' });
    for (let again = 0; again < 2; again++)
      await expect(place.ingest(source, { maxBadShare: 0.5 })).rejects.toEqual(refused);
  });
});
