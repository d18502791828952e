import { createHash, randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ModelVersion } from '../../contracts/models.ts';
import { publishTranslation, storedIn } from '../support/registry.ts';
import { type OpenApi, openApi } from './support.ts';

let from: OpenApi;
let to: OpenApi;
let published: ModelVersion;
let archive: Buffer;
let entries: [string, Buffer][];
const folderOf = (api: OpenApi): string => dirname(api.documentFolder);

beforeAll(async () => {
  [from, to] = await Promise.all([openApi(), openApi()]);
  published = await publishTranslation(from);
  archive = (await from.call('GET', '/v1/models/translation-en-de/versions/1/export')).rawPayload;
  entries = [
    ['manifest.json', Buffer.alloc(0)],
    ...(await Promise.all(
      published.files.map(
        async (file): Promise<[string, Buffer]> => [
          `files/${file.name}`,
          Buffer.from(await from.artifacts.getBytes(file)),
        ],
      ),
    )),
  ];
});
afterAll(() => Promise.all([from.close(), to.close()]));

const send = (api: OpenApi, body: Buffer, query = '', key = api.keys.operator) =>
  api.call('POST', `/v1/models/imports${query}`, { body, key, headers: { 'content-type': 'application/x-tar' } });

/** The manifest of the archive, changed. */
function manifest(change: Record<string, unknown> = {}): Buffer {
  const start = archive.indexOf('{');
  const text = archive.subarray(start, archive.indexOf('\0', start)).toString();
  return Buffer.from(JSON.stringify({ ...(JSON.parse(text) as object), ...change }));
}

async function tar(files: readonly (readonly [string, Buffer])[]): Promise<Buffer> {
  const out = pack();
  for (const [name, content] of files) out.entry({ name }, content);
  out.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of out as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('a version as one file', () => {
  it('goes to another installation with its files, signature, figures and where it came from', async () => {
    const response = await send(to, archive);
    expect(response.statusCode).toBe(201);
    expect(response.headers['location']).toBe('/v1/models/translation-en-de/versions/1');
    const { version, checked } = response.json<{ version: ModelVersion; checked: boolean }>();
    expect(checked).toBe(true);
    const { id, createdAt, lineage, ...same } = published;
    const imported = { model: 'translation-en-de', version: 1, exportedAt: expect.any(String) };
    expect(version).toEqual({
      ...{ ...same, id: expect.any(String), createdAt: expect.any(String) },
      lineage: { ...lineage, imported },
    });
    expect(version.id).not.toBe(id);
    for (const file of published.files)
      expect(Buffer.from(await to.artifacts.getBytes(file))).toEqual(Buffer.from(await from.artifacts.getBytes(file)));
  });

  it('again gives the version it gave before, also where it comes from', async () => {
    const again = (await send(to, archive)).json<{ version: ModelVersion }>();
    expect(again.version.version).toBe(1);
    const home = (await send(from, archive)).json<{ version: ModelVersion }>();
    expect(home.version).toEqual(published);
    expect(await from.database.models.list()).toHaveLength(1);
  });

  it('may come in under another name; without a pipeline that makes it nobody can check its format', async () => {
    const named = await send(to, archive, '?name=translation-de-AT');
    expect(named.json()).toMatchObject({ checked: true, version: { model: 'translation-de-AT', version: 1 } });
    const foreign = await send(to, archive, '?name=somebodys-model');
    expect(foreign.json()).toMatchObject({ checked: false, version: { model: 'somebodys-model' } });
    expect((await send(to, archive, '?name=../x')).statusCode).toBe(400);
  });

  it('is sent and taken by operators only, and names a version that is there', async () => {
    const path = '/v1/models/translation-en-de/versions/1/export';
    expect((await from.call('GET', path, { key: from.keys.viewer })).statusCode).toBe(403);
    expect((await send(to, archive, '', to.keys.viewer)).statusCode).toBe(403);
    expect((await from.call('GET', '/v1/models/translation-en-de/versions/9/export')).statusCode).toBe(404);
    expect((await from.call('GET', '/v1/models/translation-en-de/versions/champion/export')).statusCode).toBe(404);
  });

  it('takes along parts that only its first file names', async () => {
    const { artifact, formatVersion } = published;
    const bare = { model: 'translation-en-fr', artifact, formatVersion, metrics: {}, lineage: {}, runId: 'bare' };
    await from.database.models.add(bare);
    const { rawPayload } = await from.call('GET', '/v1/models/translation-en-fr/versions/newest/export');
    const { version } = (await send(to, rawPayload)).json<{ version: ModelVersion }>();
    expect(version.files.map(({ name }) => name)).toEqual(['model', 'part-1', 'part-2']);
  });

  it('is an error, and not half an archive, when a file of it is damaged or gone', async () => {
    const { files } = await publishTranslation(from, { model: 'translation-en-it', runId: 'gone' });
    const weights = files.find(({ name }) => name === 'weights')!;
    await from.artifacts.remove(weights, new Date(Date.now() + 60_000));
    const response = await from.call('GET', '/v1/models/translation-en-it/versions/1/export');
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([503, 'ARTIFACT_MISSING']);
  });
});

describe('an archive that does not hold', () => {
  let api: OpenApi;
  let before: string[];
  beforeAll(async () => {
    api = await openApi();
    await api.artifacts.putBytes(randomBytes(10));
  });
  afterAll(() => api.close());
  beforeEach(() => {
    before = storedIn(folderOf(api));
  });

  const refused = async (body: Buffer, code: string, detail: RegExp | string): Promise<void> => {
    const response = await send(api, body);
    expect(response.json(), String(detail)).toMatchObject({ code, detail: expect.stringMatching(detail) });
    expect(response.statusCode).toBe(422);
    expect(storedIn(folderOf(api))).toEqual(before);
    expect(await api.database.models.list()).toEqual([]);
  };
  const withManifest = (change: Record<string, unknown>) =>
    tar([['manifest.json', manifest(change)], ...entries.slice(1)]);

  it('is refused where it is cut, and nothing of it stays', async () => {
    for (const at of [0, 100, 600, archive.length >> 1, archive.length - 2000])
      await refused(archive.subarray(0, at), 'SOURCE_INVALID', /is empty|cannot be read|ends before|not JSON/);
    const whole = [['manifest.json', manifest()] as const, ...entries.slice(1)] as [string, Buffer][];
    await refused(await tar(whole.slice(0, -1)), 'SOURCE_INVALID', 'ends before files/tokenizer');
  });

  it('is refused when a file has other bytes, another length, or no place in the manifest', async () => {
    const changed = Buffer.from(archive);
    const at = archive.length - 250_000;
    changed[at] = (changed[at] ?? 0) ^ 1;
    await refused(changed, 'SOURCE_INVALID', 'has a file "files/weights" of the hash');
    const shorter = entries.map(([name, content]): [string, Buffer] => [
      name,
      name === 'manifest.json' ? manifest() : content.subarray(1),
    ]);
    await refused(await tar(shorter), 'SOURCE_INVALID', 'bytes of "files/model"; its manifest says');
    const more: [string, Buffer][] = [
      ['manifest.json', manifest()],
      ...entries.slice(1),
      ['files/x', Buffer.from('x')],
    ];
    await refused(await tar(more), 'SOURCE_INVALID', 'holds "files/x", which its manifest does not name');
    const twice: [string, Buffer][] = [['manifest.json', manifest()], ...entries.slice(1), entries[1]!];
    await refused(await tar(twice), 'SOURCE_INVALID', 'or holds it twice');
    await refused(await tar([['../../etc/passwd', Buffer.from('x')]]), 'SOURCE_INVALID', 'begins with');
  });

  it('is refused when its manifest is of another form, or no manifest', async () => {
    await refused(Buffer.from('this is no tar file at all'.repeat(100)), 'SOURCE_INVALID', 'cannot be read');
    await refused(await tar([['manifest.json', Buffer.from('{"a":')]]), 'SOURCE_INVALID', 'not JSON');
    await refused(await withManifest({ kind: 'other' }), 'SOURCE_INVALID', 'no model of Perennial');
    await refused(await withManifest({ archive: 2 }), 'MODEL_FORMAT', 'has form 2; this code reads form 1');
    await refused(await withManifest({ files: [] }), 'SOURCE_INVALID', 'files');
    await refused(await withManifest({ model: 'a/b', version: 0 }), 'SOURCE_INVALID', /model .*version/);
    await refused(await withManifest({ description: 'a\0b' }), 'SOURCE_INVALID', 'cannot be stored');
    const [, weights] = published.files;
    await refused(await withManifest({ files: [weights] }), 'SOURCE_INVALID', 'no file "model"');
    await refused(await withManifest({ files: [...published.files, weights] }), 'SOURCE_INVALID', 'a file twice');
  });

  it('is refused when this code cannot read the model, or a part that it needs is not there', async () => {
    await refused(await withManifest({ formatVersion: 7 }), 'MODEL_FORMAT', 'has format 7; this code reads format 1');
    const other = await publishTranslation(from, { model: 'translation-x', runId: 'x', formatVersion: 3 });
    const content = Buffer.from(await from.artifacts.getBytes(other.artifact));
    const first = { name: 'model', ...other.artifact };
    const lying = await tar([
      ['manifest.json', manifest({ files: [first] })],
      ['files/model', content],
    ]);
    await refused(lying, 'MODEL_FORMAT', 'has format 3');
    const [model, weights] = published.files;
    const part = await tar([['manifest.json', manifest({ files: [model, weights] })], ...entries.slice(1, 3)]);
    await refused(part, 'MODEL_FORMAT', 'needs a file of the hash');
  });

  it.each(['no JSON', 'null', '{"formatVersion":1}'])('is refused when its model is %s', async (text) => {
    const content = Buffer.from(text);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const model = { name: 'model', uri: `artifact:sha256:${sha256}`, sha256, bytes: content.length };
    const damaged = await tar([
      ['manifest.json', manifest({ files: [model] })],
      ['files/model', content],
    ]);
    await refused(damaged, 'MODEL_FORMAT', 'is damaged, or not what its format says');
  });
});
