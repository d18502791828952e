import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onlineRetailMapping, type SalesMapping } from '../../contracts/sales-mapping.ts';
import { refusalOf } from '../../storage/sources/addresses.ts';
import { createSourceReader } from '../../storage/sources/index.ts';
import { header, line, lines, type Workplace, workplace } from '../unit/offers/source.ts';

const s3 = { endpoint: undefined, region: undefined };
const secrets: Record<string, string> = { SOURCE_SHOP: 'Bearer s3cret' };
const sources = createSourceReader({ s3, secret: (name) => secrets[name] });
const csv = header + lines(3);
const withHttp = (http: NonNullable<SalesMapping['http']>): SalesMapping => ({ ...onlineRetailMapping, http });

let place: Workplace;
let servers: Server[];
beforeEach(async () => {
  place = await workplace();
  servers = [];
});
afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await place.drop();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ingest = (source: string, mapping?: SalesMapping, signal?: AbortSignal) =>
  place.ingest(source, { sources, ...(mapping ? { mapping } : {}), ...(signal ? { signal } : {}) });

describe('a web address', () => {
  it('gives one file, packed, unpacked, or packed on the way', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/plain') response.end(csv);
      if (request.url === '/packed.csv.gz') response.end(gzipSync(csv));
      if (request.url === '/on-the-way.csv') response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(csv));
    });
    for (const path of ['/plain', '/packed.csv.gz', '/on-the-way.csv'])
      expect(await ingest(url + path)).toMatchObject({ files: 1, rows: 3 });
  });

  it('gives the files that the mapping lists, with the header of authorization, and names them in the quarantine', async () => {
    const url = await serve((request, response) => {
      if (request.headers.authorization !== 'Bearer s3cret') response.writeHead(401).end();
      else response.end(request.url?.endsWith('/b.csv') ? csv + line({ price: '-1' }) : csv);
    });
    const http = { files: ['a.csv', 'b.csv'], authorizationEnv: 'SOURCE_SHOP' };
    const options = { sources, mapping: withHttp(http), maxBadShare: 0.5 };
    expect(await place.ingest(`${url}/sales`, options)).toMatchObject({ files: 2, rows: 6, quarantined: 1 });
    expect(await place.quarantine()).toMatchObject([{ filename: `${url}/sales/b.csv` }]);
    await expect(ingest(`${url}/sales/a.csv`)).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringContaining('answers 401'),
      remedy: expect.stringContaining('authorizationEnv'),
    });
    await expect(ingest(url, withHttp({ authorizationEnv: 'SOURCE_NONE' }))).rejects.toThrow('SOURCE_NONE');
  });

  it('shares its authorization with a joined table of the same host, and of no other', async () => {
    const seen: string[] = [];
    const listener: RequestListener = ({ url: path = '', headers }, response) => {
      seen.push(`${path} ${headers.authorization ?? '-'}`);
      response.end(path.startsWith('/p') ? 'code\n85123A\n' : csv);
    };
    const [url, other] = [await serve(listener), await serve(listener)];
    for (const source of ['p.csv', `${other}/p2.csv`]) {
      const join = [{ name: 'p', source, on: { StockCode: 'code' } }];
      const mapping = { ...withHttp({ authorizationEnv: 'SOURCE_SHOP' }), join };
      expect(await ingest(`${url}/a.csv`, mapping)).toMatchObject({ rows: 3, unmatched: { p: 0 } });
    }
    expect(seen).toEqual(['/a.csv Bearer s3cret', '/p.csv Bearer s3cret', '/a.csv Bearer s3cret', '/p2.csv -']);
  });

  it('shows no user, password or query in what it says', async () => {
    const url = await serve((request, response) => {
      response.writeHead(request.headers.authorization === 'Basic dTpwYXNz' ? 404 : 401).end();
    });
    const failure = ingest(`${url.replace('://', '://u:pass@')}/a.csv?sig=hidden`);
    await expect(failure).rejects.toMatchObject({ message: `${url}/a.csv?… answers 404 Not Found.` });
  });

  it.each<[string, RequestListener, NonNullable<SalesMapping['http']>, string, RegExp]>([
    ['not found', (_, r) => r.writeHead(404).end('no'), {}, 'SOURCE_INVALID', /answers 404/],
    ['a server in trouble', (_, r) => r.writeHead(503).end(), {}, 'UNAVAILABLE', /answers 503/],
    [
      'half an answer, by what is left out',
      (_, r) => r.writeHead(200, { 'content-length': '5000' }).write(csv, () => r.destroy()),
      {},
      'UNAVAILABLE',
      /could not be read to its end/,
    ],
    [
      'half an answer, in chunks',
      (_, r) => r.write(csv, () => r.destroy()),
      {},
      'UNAVAILABLE',
      /could not be read to its end/,
    ],
    [
      'half a gzip on the way',
      (_, r) => r.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(lines(500)).subarray(0, 100)),
      {},
      'UNAVAILABLE',
      /could not be read to its end/,
    ],
    [
      'too much, as it says',
      (_, r) => r.writeHead(200, { 'content-length': String(2 ** 21) }).write('x'),
      { maxMiB: 1 },
      'SOURCE_INVALID',
      /is larger than 1 MiB/,
    ],
    [
      'too much, unsaid',
      (_, r) => r.end(Buffer.alloc(2 ** 21, 'x')),
      { maxMiB: 1 },
      'SOURCE_INVALID',
      /is larger than 1 MiB/,
    ],
    [
      'too much, once unpacked',
      (_, r) => r.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(2 ** 21))),
      { maxMiB: 1 },
      'SOURCE_INVALID',
      /is larger than 1 MiB/,
    ],
    ['silence', () => {}, { timeoutSeconds: 1 }, 'UNAVAILABLE', /silent for 1 s/],
    [
      'silence half-way',
      (_, r) => void r.writeHead(200, { 'content-length': '5000' }).write(csv),
      { timeoutSeconds: 1 },
      'UNAVAILABLE',
      /could not be read to its end/,
    ],
    ['a page', (_, r) => r.end('<!DOCTYPE html><html>Log in'), {}, 'SOURCE_INVALID', /is a web page, not a table/],
    ['no table', (_, r) => r.end('{"error": "no"}'), {}, 'SOURCE_INVALID', /lacks the columns/],
    [
      'itself again and again',
      (q, r) => r.writeHead(302, { location: q.url }).end(),
      {},
      'SOURCE_INVALID',
      /redirects more than 5 times/,
    ],
    [
      'a file of this machine',
      (_, r) => r.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      {},
      'SOURCE_INVALID',
      /not followed/,
    ],
  ])('that answers with %s is told, and nothing is written', async (_, listener, http, code, message) => {
    const url = await serve(listener);
    await expect(ingest(`${url}/a.csv`, withHttp(http))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(/./),
    });
    expect(await place.sales()).toEqual([]);
  });

  it('is followed where it redirects to itself, but not into the inner network', async () => {
    const inner = await serve((_, response) => response.end(csv));
    const url = await serve((request, response) => {
      if (request.url === '/own') response.writeHead(307, { location: '/a.csv' }).end();
      else if (request.url === '/inner') response.writeHead(302, { location: `${inner}/a.csv` }).end();
      else if (request.url === '/name')
        response.writeHead(302, { location: `${inner.replace('127.0.0.1', 'localhost')}/a` }).end();
      else if (request.url === '/cloud') response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end();
      else response.end(csv);
    });
    expect(await ingest(`${url}/own`)).toMatchObject({ rows: 3 });
    for (const path of ['/inner', '/name', '/cloud'])
      await expect(ingest(url + path)).rejects.toMatchObject({
        code: 'SOURCE_INVALID',
        message: expect.stringContaining('may not be read'),
      });
  });

  it('where clouds keep credentials is refused, also when it is named', async () => {
    await expect(ingest('http://169.254.169.254/latest/meta-data')).rejects.toThrow('clouds keep credentials');
    await expect(ingest('http://[::ffff:a9fe:a9fe]/latest')).rejects.toThrow('clouds keep credentials');
  });

  it('of a listed file that leads elsewhere is refused', async () => {
    const url = await serve((_, response) => response.end(csv));
    for (const file of ['http://127.0.0.1:1/x.csv', '../other.csv', '//example.org/x.csv'])
      await expect(ingest(`${url}/sales/`, withHttp({ files: [file] }))).rejects.toMatchObject({
        code: 'PARAMETER_INVALID',
      });
  });

  it('stops when it is told to', async () => {
    const abort = new AbortController();
    const url = await serve((_, response) => {
      response.write(csv);
      abort.abort(new Error('cancelled by Ann'));
    });
    await expect(ingest(`${url}/a.csv`, undefined, abort.signal)).rejects.toThrow('cancelled by Ann');
  });

  it('that nobody listens at is not available', async () => {
    await expect(ingest('http://127.0.0.1:9/a.csv')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

describe('addresses', () => {
  it.each([
    '10.1.2.3',
    '127.0.0.1',
    '172.31.0.1',
    '192.168.1.1',
    '0.0.0.0',
    '100.64.0.1',
    '::1',
    'fd12::1',
    '::ffff:10.0.0.1',
  ])('%s is of an inner network', (address) => {
    expect(refusalOf(address, { inner: false })).toContain('inner network');
    expect(refusalOf(address, { inner: true })).toBeUndefined();
  });
  it.each(['93.184.215.14', '2606:2800:21f:cb07::1', '172.32.0.1'])('%s is not', (address) => {
    expect(refusalOf(address, { inner: false })).toBeUndefined();
  });
  it.each(['169.254.169.254', 'fe80::1', '::ffff:169.254.169.254', '::ffff:a9fe:a9fe'])(
    '%s is never asked',
    (address) => {
      expect(refusalOf(address, { inner: true })).toContain('credentials');
    },
  );
});
