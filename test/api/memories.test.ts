import { Readable } from 'node:stream';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
  const response = await api.call(method, path, { ...(body === undefined ? {} : { body }), headers });
  const isJson = /json/.test(String(response.headers['content-type'] ?? ''));
  return {
    status: response.statusCode,
    headers: response.headers,
    text: response.body,
    body: isJson ? response.json() : null,
  };
};

const tmx = `<?xml version="1.0"?><tmx version="1.4"><header srclang="en"/><body>
<tu><tuv xml:lang="en-US"><seg>Press <bpt i="1">&lt;b></bpt>OK<ept i="1">&lt;/b></ept></seg></tuv><tuv xml:lang="de"><seg>Drücke <bpt i="1">&lt;b></bpt>OK<ept i="1">&lt;/b></ept></seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>broken</tuv></tu>
<tu><prop type="x-domain">shop</prop><tuv xml:lang="en"><seg>Cart</seg></tuv><tuv xml:lang="de"><seg>Warenkorb</seg></tuv></tu>
</body></tmx>`;

it('makes, shows, changes and removes a memory', async () => {
  const made = await call('POST', '/v1/memories', { id: 'cars', source: 'EN', target: 'de_AT', domain: 'cars' });
  expect(made).toMatchObject({
    status: 201,
    body: { id: 'cars', name: 'cars', source: 'en', target: 'de-AT', version: 0 },
  });
  expect(made.headers['location']).toBe('/v1/memories/cars');
  expect(await call('POST', '/v1/memories', { id: 'cars', source: 'en', target: 'de' })).toMatchObject({ status: 409 });
  expect(await call('POST', '/v1/memories', { source: 'english', target: 'x' })).toMatchObject({ status: 400 });
  expect(await call('POST', '/v1/memories', { source: 'en', target: 'not a tag' })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'target', value: 'not a tag' }], remedy: expect.stringContaining('de-AT') },
  });
  expect(await call('POST', '/v1/memories', { source: 'en', target: 'EN' })).toMatchObject({ status: 400 });
  const unnamed = await call('POST', '/v1/memories', { source: 'en', target: 'fr' });
  expect(unnamed).toMatchObject({ status: 201, body: { id: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
  expect(await call('PATCH', '/v1/memories/cars', { name: 'Cars' })).toMatchObject({
    body: { name: 'Cars', domain: 'cars' },
  });
  expect((await call('GET', '/v1/memories?limit=1')).body).toMatchObject({ memories: [{}], next: expect.any(String) });
  expect(await call('DELETE', '/v1/memories/cars')).toMatchObject({ status: 204 });
  expect(await call('DELETE', '/v1/memories/cars')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  expect(await call('GET', '/v1/glossaries/cars')).toMatchObject({ status: 404 });
});

it('imports a streamed file, keeps the good rows and says what is wrong with the others', async () => {
  await call('POST', '/v1/memories', { id: 'shop', source: 'en', target: 'de' });
  const half = Math.floor(tmx.length / 2);
  const stream = Readable.from([Buffer.from(tmx.slice(0, half)), Buffer.from(tmx.slice(half))]);
  const done = await call('POST', '/v1/memories/shop/imports?file=a.tmx', stream, {
    'content-type': 'application/octet-stream',
  });
  expect(done).toMatchObject({
    status: 201,
    body: {
      format: 'tmx',
      status: 'done',
      version: 1,
      counts: { read: 3, added: 2, updated: 0, unchanged: 0, duplicate: 0, faulty: 1 },
      faults: [{ line: 3, reason: expect.stringContaining('not well-formed') }],
      bytes: Buffer.byteLength(tmx),
    },
  });
  const again = await call('POST', '/v1/memories/shop/imports?format=tmx', tmx, { 'content-type': 'text/xml' });
  expect(again.body).toMatchObject({ version: null, counts: { unchanged: 2 } });
  const faults = await call('GET', `${done.headers['location']}/faults`);
  expect(faults.text).toMatch(/^line\treason\n3\tnot well-formed/);
  expect((await call('GET', '/v1/memories/shop/imports')).body.imports).toHaveLength(2);
  expect(
    await call('POST', '/v1/memories/shop/imports', 'x', { 'content-type': 'application/octet-stream' }),
  ).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'query.format' }] },
  });
  expect(await call('POST', '/v1/memories/shop/imports?format=tbx', 'x')).toMatchObject({ status: 400 });
  expect(await call('POST', '/v1/memories/none/imports?format=tmx', tmx)).toMatchObject({ status: 404 });
});

it('takes files larger than a body may be, and leaves nothing of one that breaks off', async () => {
  await call('POST', '/v1/memories', { id: 'large', source: 'en', target: 'de' });
  function* rows(breaksOff: boolean): Generator<Buffer> {
    for (let i = 0; i < 30; i++)
      yield Buffer.from(
        Array.from({ length: 100 }, (_, j) => `Text ${i}-${j} ${'x'.repeat(40)},Wort ${i}-${j}\n`).join(''),
      );
    if (breaksOff) throw new Error('the network is gone');
  }
  const type = { 'content-type': 'text/csv' };
  await expect(call('POST', '/v1/memories/large/imports', Readable.from(rows(true)), type)).rejects.toThrow();
  expect((await call('GET', '/v1/memories/large')).body).toMatchObject({ version: 0, entries: 0 });
  const done = await call('POST', '/v1/memories/large/imports', Readable.from(rows(false)), type);
  expect(done.body).toMatchObject({ counts: { added: 3000 }, version: 1 });
  expect(done.body.bytes).toBeGreaterThan(65_536);
  // With its length said beforehand.
  const again = await call('POST', '/v1/memories/large/imports', Buffer.concat([...rows(false)]), type);
  expect(again.body).toMatchObject({ counts: { unchanged: 3000 } });
});

it('finds, adds, edits and deletes entries; every version stays as it was', async () => {
  const path = '/v1/memories/shop/entries';
  const found = await call('GET', `${path}?q=WARENKORB&in=target`);
  expect(found.body).toMatchObject({
    version: 1,
    entries: [{ source: 'Cart', domain: 'shop', by: 'admin of the test' }],
    next: null,
  });
  const { id } = found.body.entries[0];
  const edited = await call('PATCH', `${path}/${id}`, { target: 'Einkaufswagen', reason: 'as in the shop' });
  expect(edited).toMatchObject({ status: 200, body: { id, target: 'Einkaufswagen', validFrom: 2, validTo: null } });
  const added = await call('POST', path, {
    entries: [
      { source: 'Checkout', target: 'Kasse' },
      { source: 'Cart', target: 'Korb' },
    ],
  });
  expect(added.body.entries).toMatchObject([{ source: 'Checkout' }, { id, target: 'Korb', validFrom: 3 }]);
  expect(await call('DELETE', `${path}/${id}?reason=wrong`)).toMatchObject({ status: 204 });
  expect(await call('GET', `${path}/${id}`)).toMatchObject({ status: 404 });
  expect((await call('GET', `${path}/${id}?version=2`)).body).toMatchObject({ target: 'Einkaufswagen', validTo: 3 });
  expect((await call('GET', `${path}/${id}/history`)).body.states.map((s: { target: string }) => s.target)).toEqual([
    ...['Warenkorb', 'Einkaufswagen', 'Korb'],
  ]);
  expect((await call('GET', '/v1/memories/shop/versions')).body.versions).toMatchObject([
    { version: 4, action: 'delete', reason: 'wrong' },
    { version: 3, action: 'add' },
    { version: 2, action: 'edit', reason: 'as in the shop' },
    { version: 1, action: 'import' },
  ]);
  expect((await call('GET', '/v1/memories/shop/diff?from=1')).body).toMatchObject({
    to: 4,
    counts: { added: 1, removed: 1, changed: 0 },
    differences: [
      { change: 'removed', before: { source: 'Cart' } },
      { change: 'added', after: { source: 'Checkout' } },
    ],
    next: null,
  });
  expect(await call('GET', '/v1/memories/shop/diff?from=1&to=9')).toMatchObject({ status: 404 });
  expect(await call('GET', '/v1/memories/shop/diff?from=2&to=1')).toMatchObject({ status: 400 });
  expect(await call('POST', path, { entries: [{ source: ' ', target: 'x' }] })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'source', message: 'the source is empty' }] },
  });
  expect(await call('PATCH', `${path}/999999`, { target: 'x' })).toMatchObject({ status: 404 });
});

it('exports any version in every format, and imports it again unchanged', async () => {
  await call('POST', '/v1/memories', { id: 'copy', source: 'en', target: 'de' });
  for (const format of ['tmx', 'tsv', 'csv', 'po', 'xliff']) {
    const out = await call('GET', `/v1/memories/shop/export?format=${format}&version=1`);
    expect(out.status).toBe(200);
    expect(out.headers).toMatchObject({
      'perennial-version': '1',
      'content-disposition': expect.stringContaining('shop-1.'),
    });
    const type = { 'content-type': String(out.headers['content-type']) };
    const back = await call('POST', '/v1/memories/copy/imports?mode=replace', out.text, type);
    expect(back.body).toMatchObject({ format, counts: { read: 2, faulty: 0, duplicate: 0 } });
    const { entries } = (await call('GET', '/v1/memories/copy/entries')).body;
    expect(entries).toMatchObject([
      { source: 'Press <1>OK</1>', target: 'Drücke <1>OK</1>' },
      { source: 'Cart', target: 'Warenkorb' },
    ]);
  }
  expect(await call('GET', '/v1/memories/shop/export?format=docx')).toMatchObject({ status: 400 });
});

it('does the same for glossaries, with the flags of terms', async () => {
  await call('POST', '/v1/glossaries', { id: 'terms', source: 'en', target: 'de', domain: 'cars' });
  const csv =
    'source,target,forbidden,partOfSpeech\nsteering wheel,Lenkrad,,noun\nsteering wheel,Steuer,yes,noun\nbad,\n';
  const done = await call('POST', '/v1/glossaries/terms/imports', csv, { 'content-type': 'text/csv' });
  expect(done.body).toMatchObject({ counts: { read: 3, added: 2, faulty: 1 }, faults: [{ line: 4 }] });
  const added = await call('POST', '/v1/glossaries/terms/terms', {
    terms: [{ source: 'VIN', target: 'FIN', caseSensitive: true, alternatives: ['FgstNr.'] }],
  });
  expect(added.body.terms).toMatchObject([
    { source: 'VIN', caseSensitive: true, forbidden: false, domain: 'cars', alternatives: ['FgstNr.'] },
  ]);
  const tbx = await call('GET', '/v1/glossaries/terms/export?format=tbx');
  expect(tbx.text).toContain('deprecatedTerm-admn-sts');
  await call('POST', '/v1/glossaries', { id: 'copy', source: 'en', target: 'de' });
  await call('POST', '/v1/glossaries/copy/imports?file=a.tbx', tbx.text, {
    'content-type': 'application/octet-stream',
  });
  const [of, copied] = await Promise.all(
    ['terms', 'copy'].map(async (id) => (await call('GET', `/v1/glossaries/${id}/terms`)).body.terms as object[]),
  );
  const plain = (terms: object[] = []) => terms.map((t) => ({ ...t, id: '', validFrom: 0, importId: '', at: '' }));
  expect(plain(copied)).toEqual(plain(of));
  expect((await call('GET', '/v1/glossaries/terms/terms?q=steuer')).body.terms).toMatchObject([{ forbidden: true }]);
});

it('writes down who did what', async () => {
  const client = new pg.Client({ connectionString: api.url });
  await client.connect();
  const { rows } = await client.query(
    "select distinct action from audit_log where action ~ '^(memory|glossary)\\.' order by 1",
  );
  await client.end();
  expect(rows.map(({ action }) => action)).toEqual([
    ...['glossary.add', 'glossary.create', 'glossary.import', 'memory.add', 'memory.change', 'memory.create'],
    ...['memory.delete', 'memory.edit', 'memory.import', 'memory.remove'],
  ]);
});
