import { type SearchHit, searchKinds } from '../../contracts/search.ts';
import type { AnyPipeline } from '../dag/definition.ts';
import { knownSchedules } from '../deadlines/next-start.ts';
import type { ScheduleRepository } from '../ports/schedules.ts';
import type { FoundThing, SearchIndex } from '../ports/search.ts';

export interface SearchDeps {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly searchIndex: SearchIndex;
  readonly schedules: Pick<ScheduleRepository, 'list'>;
}

/**
 * Finds anything by words of its id or name, best first: what is exactly what was asked for, what begins so, what has a word that
 * begins so, what contains it; of alike ones by kind, then the newest.
 *
 * @param options.owner the key whose documents are looked through; null: all.
 */
export async function search(
  { pipelines, searchIndex, schedules }: SearchDeps,
  query: string,
  { limit, owner }: { readonly limit: number; readonly owner: string | null },
): Promise<SearchHit[]> {
  const words = query.split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const [stored, listed] = await Promise.all([searchIndex.find(words, { limit, owner }), knownSchedules(schedules)]);
  const others: FoundThing[] = [
    ...[...pipelines.values()].flatMap(({ id, title, description, steps }) => [
      thing('pipeline', id, title, description, null),
      ...Object.entries(steps).map(([step, { title: name = step }]) =>
        thing('step', `${id}/${step}`, step, `${name}, step of ${id}`, id),
      ),
    ]),
    ...listed.map(({ id, pipeline, paused }) =>
      thing('schedule', id, id, `schedule of ${pipeline}${paused ? ', paused' : ''}`, pipeline),
    ),
  ].filter(({ id, title, detail }) => {
    const text = `${id} ${title} ${detail}`.toLowerCase();
    return words.every((word) => text.includes(word.toLowerCase()));
  });
  const kind = (hit: SearchHit): number => searchKinds.indexOf(hit.kind);
  return [...stored, ...others]
    .map((found): SearchHit => ({ ...found, score: scoreOf(found, words.join(' ').toLowerCase()) }))
    .sort((a, b) => b.score - a.score || kind(a) - kind(b) || ((a.at ?? '') < (b.at ?? '') ? 1 : -1))
    .slice(0, limit);
}

function thing(kind: FoundThing['kind'], id: string, title: string, detail: string, of: string | null): FoundThing {
  return { kind, id, title, detail, of, at: null };
}

function scoreOf({ id, title }: FoundThing, query: string): number {
  const names = [id.toLowerCase(), title.toLowerCase()];
  if (names.includes(query)) return 1;
  if (names.some((name) => name.startsWith(query))) return 0.8;
  if (names.some((name) => name.split(/[\s/_.,-]+/).some((word) => word.startsWith(query)))) return 0.6;
  return names.some((name) => name.includes(query)) ? 0.4 : 0.2;
}
