import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { memoryKeyOf, sourceHashOf } from '../../domain/nlp/language-data/index.ts';
import type { KeyedContent, LanguageResourceRepository } from '../../domain/ports/language-resources.ts';

const now = new Date('2026-11-24T12:00:00.000Z');
const note = { by: 'ada', reason: 'because', action: 'add', origin: 'manual' } as const;

function content(source: string, target: string, more: Partial<KeyedContent> = {}): KeyedContent {
  const whole = { source, target, context: '', domain: '', note: '', detail: null, ...more };
  return { ...whole, key: memoryKeyOf(whole), sourceHash: sourceHashOf(source) };
}

/** @param repository the memories of a store. */
export function languageResourceConformance(repository: () => LanguageResourceRepository): void {
  const create = async (): Promise<string> => {
    const id = `m-${randomUUID()}`;
    await repository().create({ id, name: 'Memory', source: 'en', target: 'de', domain: '', by: 'ada' }, now);
    return id;
  };
  const texts = async (id: string, version?: number): Promise<string[]> => {
    const of = version ?? (await repository().get(id))?.version ?? 0;
    return (await repository().entries(id, of, { limit: 1000 })).map(({ source, target }) => `${source}=${target}`);
  };
  const importRows = async (id: string, rows: KeyedContent[], mode: 'merge' | 'replace' = 'merge') => {
    const importId = randomUUID();
    await repository().startImport({ id: importId, resource: id, format: 'tmx', mode, file: 'a.tmx', by: 'ada' }, now);
    for (let at = 0; at < rows.length; at += 700) await repository().stage(importId, at, rows.slice(at, at + 700));
    const counts = await repository().merge(importId, { sha256: 'x', bytes: 9, read: rows.length, faulty: 0 }, now);
    return { importId, counts };
  };

  it('makes, lists, changes and removes resources, each id once', async () => {
    const id = await create();
    expect(await repository().get(id)).toMatchObject({ id, kind: 'memory', version: 0, entries: 0, createdBy: 'ada' });
    const again = repository().create({ id, name: 'x', source: 'en', target: 'fr', domain: '', by: 'bob' }, now);
    await expect(again).rejects.toMatchObject({ code: 'CONFLICT' });
    const before = id.slice(0, -1);
    expect((await repository().list({ after: before, limit: 1 }))[0]?.id).toBe(id);
    expect(await repository().change(id, { name: 'New' }, now)).toMatchObject({ name: 'New', domain: '' });
    await importRows(id, [content('a', 'b')]);
    expect(await repository().remove(id)).toBe(true);
    expect(await repository().remove(id)).toBe(false);
    expect(await repository().get(id)).toBeNull();
    await expect(repository().versions(id, { limit: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('keeps every version as it was, and makes none when nothing changes', async () => {
    const id = await create();
    const [a] = await repository().edit(id, [{ kind: 'put', content: content('a', '1') }], note, now);
    await repository().edit(id, [{ kind: 'put', content: content('b', '1') }], note, now);
    await repository().edit(id, [{ kind: 'put', content: content('a', '2') }], note, now);
    await repository().edit(id, [{ kind: 'put', content: content('a', '2') }], note, now);
    const entry = a?.id ?? '';
    await repository().edit(id, [{ kind: 'put', id: entry, content: content('c', '2') }], note, now);
    await repository().edit(id, [{ kind: 'delete', id: entry }], note, now);
    expect(await repository().get(id)).toMatchObject({ version: 5, entries: 1 });
    expect(await Promise.all([0, 1, 2, 3, 4, 5].map((version) => texts(id, version)))).toEqual([
      [],
      ['a=1'],
      ['a=1', 'b=1'],
      ['a=2', 'b=1'],
      ['c=2', 'b=1'],
      ['b=1'],
    ]);
    expect(
      (await repository().history(id, entry)).map(({ source, target, validFrom, validTo }) => [
        source + target,
        validFrom,
        validTo,
      ]),
    ).toEqual([
      ['a1', 1, 3],
      ['a2', 3, 4],
      ['c2', 4, 5],
    ]);
    expect((await repository().versions(id, { limit: 2 })).map(({ version }) => version)).toEqual([5, 4]);
    expect(await repository().versions(id, { before: 2, limit: 2 })).toMatchObject([
      { version: 1, by: 'ada', reason: 'because' },
    ]);
    const gone = repository().edit(id, [{ kind: 'delete', id: entry }], note, now);
    await expect(gone).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('refuses an edit that would make two entries the same, and then does none of its edits', async () => {
    const id = await create();
    const [a] = await repository().edit(
      id,
      [content('a', '1'), content('b', '1')].map((c) => ({ kind: 'put', content: c })),
      note,
      now,
    );
    const edits = [
      { kind: 'put', content: content('new', '1') },
      { kind: 'put', id: a?.id ?? '', content: content('b', '2') },
    ] as const;
    await expect(repository().edit(id, edits, note, now)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await texts(id)).toEqual(['a=1', 'b=1']);
    expect(await repository().get(id)).toMatchObject({ version: 1 });
  });

  it('imports in the order of the file; the same again changes nothing', async () => {
    const id = await create();
    const rows = Array.from({ length: 5_000 }, (_, i) => content(`text ${i % 4_900}`, `Text ${i}`));
    const { counts, importId } = await importRows(id, rows);
    expect(counts).toEqual({
      read: 5000,
      added: 4900,
      updated: 0,
      unchanged: 0,
      duplicate: 100,
      faulty: 0,
      removed: 0,
    });
    expect((await texts(id)).slice(0, 2)).toEqual(['text 100=Text 100', 'text 101=Text 101']);
    expect(await repository().import(id, importId)).toMatchObject({ status: 'done', version: 1, bytes: 9, counts });
    const again = await importRows(id, rows);
    expect(again.counts).toMatchObject({ added: 0, updated: 0, unchanged: 4900, duplicate: 100 });
    expect(await repository().import(id, again.importId)).toMatchObject({ status: 'done', version: null });
    expect(await repository().get(id)).toMatchObject({ version: 1, entries: 4900 });
    const changed = await importRows(id, [content('text 7', 'neu'), content('more', 'mehr')]);
    expect(changed.counts).toMatchObject({ added: 1, updated: 1 });
    const { imports, next } = await repository().imports(id, { limit: 2 });
    expect(imports).toHaveLength(2);
    expect((await repository().imports(id, { cursor: next ?? '', limit: 2 })).imports).toHaveLength(1);
    await importRows(id, [content('more', 'mehr')], 'replace');
    expect(await repository().get(id)).toMatchObject({ version: 3, entries: 1 });
    expect(await texts(id, 3)).toEqual(['more=mehr']);
    expect(await texts(id, 1)).toHaveLength(1000);
    expect(await repository().countDifferences(id, 1, 3)).toEqual({ added: 1, removed: 4900, changed: 0 });
    expect(await repository().countDifferences(id, 1, 2)).toEqual({ added: 1, removed: 0, changed: 1 });
  });

  it('shows nothing of an import before it is whole, and undoes one that died', async () => {
    const id = await create();
    await importRows(id, [content('a', '1'), content('b', '1')]);
    // Its last row cannot be counted: the transaction that ends it fails.
    const importId = randomUUID();
    await repository().startImport(
      { id: importId, resource: id, format: 'tmx', mode: 'replace', file: '', by: 'ada' },
      now,
    );
    await repository().stage(importId, 0, [content('a', '2'), content('c', '1')]);
    const end = { sha256: 'x', bytes: Number.NaN, read: 2, faulty: 0 };
    await expect(repository().merge(importId, end, now)).rejects.toThrow();
    expect(await texts(id)).toEqual(['a=1', 'b=1']);
    expect((await repository().entries(id, 1, { limit: 10 }))[0]).toMatchObject({ validTo: null });
    await repository().failImport(importId, { ...end, bytes: 1 }, 'no', now);
    expect(await repository().import(id, importId)).toMatchObject({ status: 'failed', error: 'no' });
    await repository().edit(id, [{ kind: 'put', content: content('d', '1') }], note, now);
    expect(await texts(id)).toEqual(['a=1', 'b=1', 'd=1']);
    expect(await texts(id, 2)).toEqual(['a=1', 'b=1', 'd=1']);
  });

  it('finds texts, parts of them, domains and contexts, page by page', async () => {
    const id = await create();
    await importRows(id, [
      content('Press 100% OK_', 'Drücke OK', { domain: 'ui' }),
      content('press ok', 'drücke ok', { domain: 'ui', context: 'menu' }),
      content('Cancel', 'Ok, Abbruch'),
    ]);
    const find = async (search: object) =>
      (await repository().entries(id, 1, { limit: 10 }, search)).map(({ source }) => source);
    expect(await find({ text: 'OK' })).toEqual(['Press 100% OK_', 'press ok', 'Cancel']);
    expect(await find({ text: 'ok', within: 'source' })).toEqual(['Press 100% OK_', 'press ok']);
    expect(await find({ text: '0% ok_' })).toEqual(['Press 100% OK_']);
    expect(await find({ text: '%', within: 'target' })).toEqual([]);
    expect(await find({ text: 'PRESS OK', exact: true })).toEqual(['press ok']);
    expect(await find({ domain: 'ui', context: 'menu' })).toEqual(['press ok']);
    expect(await find({ text: 'DRÜCKE' })).toHaveLength(2);
    const [first] = await repository().entries(id, 1, { limit: 1 }, { text: 'ok' });
    expect(await repository().entries(id, 1, { after: first?.id ?? '', limit: 1 }, { text: 'ok' })).toMatchObject([
      { source: 'press ok' },
    ]);
    await expect(repository().entries(id, 1, { after: 'x', limit: 1 })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    });
  });

  it('finds entries by the hash of their source, in several resources at once', async () => {
    const [a, b] = [await create(), await create()];
    await importRows(a, [content('Hello  world', 'Hallo Welt'), content('x', 'y')]);
    await importRows(b, [content('Hello world', 'Hallo, Welt', { context: 'c' }), content('Hello world', 'Hallo')]);
    const found = await repository().bySource([a, b, 'none'], [sourceHashOf(' Hello world '), sourceHashOf('nothing')]);
    expect(found.map(({ resource, target }) => [resource, target])).toEqual([
      [a, 'Hallo Welt'],
      [b, 'Hallo, Welt'],
      [b, 'Hallo'],
    ]);
    expect(await repository().bySource([], ['00'])).toEqual([]);
  });

  it('says how two versions differ, entry by entry', async () => {
    const id = await create();
    await importRows(id, [content('a', '1'), content('b', '1'), content('c', '1')]);
    await importRows(id, [content('a', '2'), content('c', '1'), content('d', '1')], 'replace');
    await importRows(id, [content('a', '1'), content('e', '1')]);
    const of = async (from: number, to: number) =>
      (await repository().differences(id, from, to, { limit: 10 })).map(({ before, after }) => [
        before?.target ?? null,
        after?.target ?? null,
        (before ?? after)?.source,
      ]);
    expect(await of(1, 2)).toEqual([
      ['1', '2', 'a'],
      ['1', null, 'b'],
      [null, '1', 'd'],
    ]);
    expect(await of(1, 3)).toEqual([
      ['1', null, 'b'],
      [null, '1', 'd'],
      [null, '1', 'e'],
    ]);
    expect(await repository().countDifferences(id, 1, 3)).toEqual({ added: 2, removed: 1, changed: 0 });
    const [first] = await repository().differences(id, 1, 3, { limit: 1 });
    expect(await repository().differences(id, 1, 3, { after: first?.entry ?? '', limit: 1 })).toMatchObject([
      { after: { source: 'd', validFrom: 2, validTo: null } },
    ]);
  });

  it('keeps the faults of an import in order, and counts corrections', async () => {
    const id = await create();
    const importId = randomUUID();
    await repository().startImport(
      { id: importId, resource: id, format: 'po', mode: 'merge', file: '', by: 'ada' },
      now,
    );
    const faults = Array.from({ length: 30 }, (_, i) => ({ line: i + 1, reason: `fault ${i}` }));
    await repository().addFaults(importId, 0, faults.slice(0, 25));
    await repository().addFaults(importId, 25, faults.slice(25));
    expect(await repository().faults(importId, 0, 100)).toEqual(faults);
    expect(await repository().faults(importId, 28, 100)).toEqual(faults.slice(28));
    expect((await repository().import(id, importId))?.faults).toEqual(faults.slice(0, 20));
    await repository().edit(id, [{ kind: 'put', content: content('a', '1') }], { ...note, origin: 'feedback' }, now);
    expect(await repository().countFeedback(id, new Date(now.getTime() - 1))).toBe(1);
    expect(await repository().countFeedback(id, now)).toBe(0);
  });

  it('ends imports that nobody goes on with', async () => {
    const id = await create();
    const given = { resource: id, format: 'po', mode: 'merge', file: '', by: 'ada' } as const;
    const [dead, next] = [randomUUID(), randomUUID()];
    await repository().startImport({ ...given, id: dead }, now);
    await repository().stage(dead, 0, [content('a', '1')]);
    await repository().startImport({ ...given, id: next }, new Date(now.getTime() + 86_400_001));
    expect(await repository().import(id, dead)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('a day'),
    });
    expect(await repository().import(id, next)).toMatchObject({ status: 'running' });
  });

  it('lets several write at a time, one after another', async () => {
    const id = await create();
    const one = (i: number) =>
      i % 2 === 0
        ? importRows(id, [content(`i${i}`, '1'), content('shared', String(i))])
        : repository().edit(id, [{ kind: 'put', content: content(`e${i}`, '1') }], note, now);
    await Promise.all(Array.from({ length: 6 }, (_, i) => one(i)));
    expect(await repository().get(id)).toMatchObject({ version: 6, entries: 7 });
    expect(await texts(id)).toHaveLength(7);
  });
}
