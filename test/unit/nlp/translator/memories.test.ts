import { expect, it } from 'vitest';
import type { MemoryEntry, ResourceRecord } from '../../../../contracts/language-data.ts';
import type { MemoryService } from '../../../../domain/nlp/language-data/index.ts';
import { Memories } from '../../../../domain/nlp/translator/index.ts';

/** Memories in this process: what the translator asks of the service. */
function service(ids: readonly string[]) {
  const entries = new Map<string, MemoryEntry[]>(ids.map((id) => [id, []]));
  const version = (id: string) => entries.get(id)?.length ?? 0;
  let streamed = 0;
  const add = (id: string, source: string, target: string, context = '') => {
    const list = entries.get(id) as MemoryEntry[];
    list.push({
      id: `${id}-${list.length}`,
      source,
      target,
      context,
      domain: '',
      note: '',
      validFrom: list.length + 1,
      validTo: null,
      by: '',
      reason: '',
      importId: null,
      at: '',
    });
  };
  const fake: Pick<MemoryService, 'get' | 'list' | 'stream' | 'diff' | 'exact'> = {
    get: async (id) => ({ id, version: version(id) }) as ResourceRecord,
    list: async () => ({
      resources: ids.map(
        (id) => ({ id, source: 'en', target: id === 'other' ? 'fr' : 'de', entries: version(id) }) as ResourceRecord,
      ),
      next: null,
    }),
    async stream(id) {
      streamed++;
      const list = entries.get(id) as MemoryEntry[];
      return (async function* () {
        yield list;
      })();
    },
    async diff(id, from, to) {
      const differences = (entries.get(id) as MemoryEntry[])
        .slice(from, to)
        .map((after) => ({ change: 'added' as const, before: null, after }));
      return { from, to, counts: { added: differences.length, removed: 0, changed: 0 }, differences, next: null };
    },
    async exact(asked, sources) {
      return new Map(
        sources.flatMap((source) => {
          const found = asked.flatMap((id) =>
            (entries.get(id) ?? []).filter((e) => e.source === source).map((e) => ({ ...e, resource: id })),
          );
          return found.length > 0 ? [[source, found]] : [];
        }),
      );
    },
  };
  return { memories: fake as MemoryService, add, streamed: () => streamed };
}

const open = (memories: MemoryService, limit = 1e8): Memories =>
  new Memories({ memories, clock: { now: () => new Date(0) }, limit });

it('finds similar sentences in all memories, the best first, and follows what is added', async () => {
  const { memories, add, streamed } = service(['a', 'b']);
  add('a', 'Open the door now', 'Öffne jetzt die Tür');
  add('b', 'Open the red door now', 'Öffne jetzt die rote Tür');
  const held = open(memories);
  const look = async (text: string) => {
    const use = await held.use(['a', 'b'], true);
    use.release();
    return use.similar(text, 0.7);
  };
  expect(await look('Open the red doors now')).toMatchObject({ memory: 'b', entry: 'b-0', kind: 'fuzzy', score: 0.8 });
  expect(await look('Close the window at last')).toBeNull();
  add('a', 'Close the window at once', 'Schließe sofort das Fenster');
  expect(await look('Close the window at last')).toMatchObject({ memory: 'a', score: 0.8 });
  expect(streamed()).toBe(2);
});

it('takes exact matches from the first memory that has one, those for all contexts before others', async () => {
  const { memories, add } = service(['a', 'b']);
  add('b', 'Open', 'Öffnen');
  add('a', 'Open', 'Offen', 'state');
  add('a', 'Open', 'Aufmachen');
  const held = open(memories);
  const first = await held.use(['a', 'b'], false);
  expect((await first.exact(['Open', 'Close'])).get('Open')).toMatchObject({ memory: 'a', target: 'Aufmachen' });
  const second = await held.use(['b', 'a'], false);
  expect([...(await second.exact(['Open', 'Close']))]).toMatchObject([['Open', { memory: 'b', target: 'Öffnen' }]]);
});

it('uses the memories of the pair that have entries, and leaves out of similar ones what does not fit into memory', async () => {
  const { memories, add } = service(['a', 'empty', 'other']);
  add('a', 'Open the door', 'Öffne die Tür');
  add('other', 'Open the door', 'Ouvre la porte');
  const held = open(memories, 10);
  expect(await held.ofPair({ source: 'en-US', target: 'de' })).toEqual(['a']);
  const use = await held.use(['a'], true);
  expect(use.leftOut).toEqual(['a']);
  expect(use.similar('Open the doors', 0.5)).toBeNull();
  expect((await use.exact(['Open the door'])).size).toBe(1);
});
