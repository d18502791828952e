import { randomUUID } from 'node:crypto';
import { PerennialError } from '../../../contracts/errors.ts';
import type { EntryState, ResourceRecord } from '../../../contracts/language-data.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EntryEdit, LanguageResourceRepository, StoredEntry } from '../../ports/language-resources.ts';
import { checkLanguage } from '../formats/index.ts';
import { sourceHashOf } from './identity.ts';
import { importFile } from './import.ts';
import type { KindOfResource } from './kinds.ts';
import type { ExactMatch, ResourceService } from './resource-service.ts';

export interface ResourceDeps<Content> {
  readonly kind: KindOfResource<Content>;
  readonly repository: LanguageResourceRepository;
  readonly clock: Clock;
}

const pageSize = 1_000;

export function createResourceService<Content extends object>(deps: ResourceDeps<Content>): ResourceService<Content> {
  const { kind, repository, clock } = deps;
  const plural = kind.kind === 'memory' ? 'memories' : 'glossaries';
  const read = (stored: StoredEntry): Content & EntryState => {
    const { id, validFrom, validTo, by, reason, importId, at } = stored;
    return { ...kind.fromStored(stored), id, validFrom, validTo, by, reason, importId, at };
  };
  const get = async (id: string): Promise<ResourceRecord> => {
    const resource = await repository.get(id);
    if (resource) return resource;
    throw new PerennialError('NOT_FOUND', `There is no ${kind.kind} "${id}".`, {
      remedy: `GET /v1/${plural} lists them.`,
    });
  };
  const versionOf = async (id: string, version: number | undefined): Promise<number> => {
    const { version: newest } = await get(id);
    if (version === undefined || version <= newest) return version ?? newest;
    throw new PerennialError('NOT_FOUND', `The ${kind.kind} "${id}" has no version ${version}.`, {
      remedy: `The newest is ${newest}.`,
    });
  };
  const checkContent = (content: Content): Content => {
    const reason = kind.fault(content);
    if (reason === null) return content;
    const field = /^(the )?(source|target|context|domain|note)\b/.exec(reason)?.[2] ?? 'body';
    throw new PerennialError('VALIDATION_FAILED', `The entry is not taken: ${reason}.`, {
      fields: [{ field, message: reason }],
      remedy: 'Change it and send it again.',
    });
  };
  const missing = (id: string, entry: string): PerennialError =>
    new PerennialError('NOT_FOUND', `"${id}" has no entry ${entry.slice(0, 100)} in that version.`, {
      remedy: `GET /v1/${plural}/${id}/entries finds entries.`,
    });
  async function* pagesOf(id: string, version: number): AsyncGenerator<readonly (Content & EntryState)[]> {
    for (let after: string | undefined; ; ) {
      const page = await repository.entries(id, version, {
        ...(after === undefined ? {} : { after }),
        limit: pageSize,
      });
      if (page.length > 0) yield page.map(read);
      after = page.at(-1)?.id;
      if (page.length < pageSize) return;
    }
  }
  const checkFormat = (format: string): void => {
    if (kind.formats.includes(format)) return;
    throw new PerennialError('VALIDATION_FAILED', `${plural} have no format "${format.slice(0, 100)}".`, {
      fields: [{ field: 'format', value: format.slice(0, 100), message: `must be one of ${kind.formats.join(', ')}` }],
      remedy: `Give one of ${kind.formats.join(', ')}.`,
    });
  };

  return {
    formats: kind.formats,
    async list({ cursor, limit }) {
      const found = await repository.list(pageAfter(cursor, limit));
      const resources = found.slice(0, limit);
      return { resources, next: found.length > limit ? (resources.at(-1)?.id ?? null) : null };
    },
    get,
    create({ id = randomUUID(), name = id, source, target, domain = '' }, by) {
      const [from, to] = [checkLanguage('source', source), checkLanguage('target', target)];
      if (from === to) {
        throw new PerennialError('VALIDATION_FAILED', `source and target are both "${from}".`, {
          fields: [{ field: 'target', value: target, message: 'must be another language than source' }],
          remedy: 'Give two languages.',
        });
      }
      return repository.create({ id, name, source: from, target: to, domain: domain.trim(), by }, clock.now());
    },
    change: (id, change) => repository.change(id, change, clock.now()),
    async remove(id) {
      if (!(await repository.remove(id))) await get(id);
    },
    async versions(id, { cursor, limit }) {
      const before = cursor === undefined ? {} : { before: wholeNumber(cursor) };
      const found = await repository.versions(id, { ...before, limit: limit + 1 });
      const versions = found.slice(0, limit);
      return { versions, next: found.length > limit ? String(versions.at(-1)?.version) : null };
    },

    async entries(id, { version, cursor, limit, ...search }) {
      const of = await versionOf(id, version);
      const found = await repository.entries(id, of, pageAfter(cursor, limit), search);
      const entries = found.slice(0, limit).map(read);
      return { version: of, entries, next: found.length > limit ? (entries.at(-1)?.id ?? null) : null };
    },
    async entry(id, entry, version) {
      const stored = await repository.entry(id, entry, await versionOf(id, version));
      if (!stored) throw missing(id, entry);
      return read(stored);
    },
    async history(id, entry) {
      const states = await repository.history(id, entry);
      if (states.length === 0) throw missing(id, entry);
      return states.map(read);
    },
    async add(id, contents, { by, reason = '', feedback = false }) {
      await get(id);
      const edits = contents.map(
        (content): EntryEdit => ({ kind: 'put', content: kind.toStored(checkContent(content)) }),
      );
      const note = {
        by,
        reason,
        action: feedback ? 'feedback' : 'add',
        origin: feedback ? 'feedback' : 'manual',
      } as const;
      const stored = await repository.edit(id, edits, note, clock.now());
      return stored.flatMap((entry) => (entry ? [read(entry)] : []));
    },
    async edit(id, entry, change, { by, reason = '' }) {
      const { version } = await get(id);
      const before = await repository.entry(id, entry, version);
      if (!before) throw missing(id, entry);
      const content = kind.toStored(checkContent({ ...kind.fromStored(before), ...change }));
      const note = { by, reason, action: 'edit', origin: 'manual' } as const;
      const [after] = await repository.edit(id, [{ kind: 'put', id: entry, content }], note, clock.now());
      if (!after) throw missing(id, entry);
      return read(after);
    },
    async delete(id, entry, { by, reason = '' }) {
      await get(id);
      await repository.edit(
        id,
        [{ kind: 'delete', id: entry }],
        { by, reason, action: 'delete', origin: 'manual' },
        clock.now(),
      );
    },
    async diff(id, from, to, { cursor, limit }) {
      await Promise.all([versionOf(id, from), versionOf(id, to)]);
      if (from > to) {
        throw new PerennialError('VALIDATION_FAILED', `from, ${from}, is after to, ${to}.`, {
          fields: [{ field: 'from', value: from, message: 'must not be greater than to' }],
          remedy: 'Exchange them.',
        });
      }
      const [counts, found] = await Promise.all([
        repository.countDifferences(id, from, to),
        repository.differences(id, from, to, pageAfter(cursor, limit)),
      ]);
      const page = found.slice(0, limit);
      const differences = page.map(({ before, after }) => ({
        change: before === null ? ('added' as const) : after === null ? ('removed' as const) : ('changed' as const),
        before: before && read(before),
        after: after && read(after),
      }));
      return { from, to, counts, differences, next: found.length > limit ? (page.at(-1)?.entry ?? null) : null };
    },

    async import(id, bytes, options) {
      checkFormat(options.format);
      return importFile(deps, await get(id), bytes, options);
    },
    imports: (id, page) => repository.imports(id, page),
    async importRecord(id, importId) {
      const record = await repository.import(id, importId);
      if (record) return record;
      throw new PerennialError('NOT_FOUND', `"${id}" has no import "${importId.slice(0, 100)}".`, {
        remedy: `GET /v1/${plural}/${id}/imports lists them.`,
      });
    },
    async faults(id, importId) {
      await this.importRecord(id, importId);
      return (async function* () {
        for (let from = 0; ; from += pageSize) {
          const page = await repository.faults(importId, from, pageSize);
          if (page.length > 0) yield page;
          if (page.length < pageSize) return;
        }
      })();
    },
    async export(id, format, version) {
      checkFormat(format);
      const resource = await get(id);
      const of = await versionOf(id, version);
      return { version: of, text: kind.write(format, pagesOf(id, of), resource, clock.now()) };
    },
    async stream(id, version) {
      return pagesOf(id, await versionOf(id, version));
    },
    async exact(ids, sources) {
      const asked = new Map<string, string[]>();
      for (const source of new Set(sources)) {
        const hash = sourceHashOf(source);
        asked.set(hash, [...(asked.get(hash) ?? []), source]);
      }
      const matches = new Map<string, ExactMatch<Content>[]>();
      for (const { resource, sourceHash, ...stored } of await repository.bySource(
        [...new Set(ids)],
        [...asked.keys()],
      )) {
        for (const source of asked.get(sourceHash) ?? [])
          matches.set(source, [...(matches.get(source) ?? []), { ...read(stored), resource }]);
      }
      return matches;
    },
    countFeedback: (id, since) => repository.countFeedback(id, since),
  };
}

function pageAfter(cursor: string | undefined, limit: number): { after?: string; limit: number } {
  return { ...(cursor === undefined ? {} : { after: cursor }), limit: limit + 1 };
}

function wholeNumber(cursor: string): number {
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor);
  throw new PerennialError('VALIDATION_FAILED', `The cursor "${cursor.slice(0, 100)}" is not one this API gave.`, {
    remedy: 'Use `next` of the page before.',
  });
}
