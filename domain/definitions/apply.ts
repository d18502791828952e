import type { DefinitionChange } from '../../contracts/definitions.ts';
import type { Clock } from '../ports/clock.ts';
import type { Locker } from '../ports/schedules.ts';

/**
 * Makes the definitions of one kind those of the code, one process at a time; those made by API stay. Doing it again changes nothing.
 *
 * @param kind name of the lock, such as `rules`.
 * @param diff what takes those that are there to those of the code.
 * @param toNew one of the code as it is stored.
 * @returns what it changed.
 */
export async function applyDefinitions<Checked, New, Stored>({
  kind,
  code,
  repository,
  diff,
  toNew,
  lock,
  clock,
}: {
  readonly kind: string;
  readonly code: ReadonlyMap<string, Checked>;
  readonly repository: {
    list(): Promise<Stored[]>;
    create(definition: New, now: Date): Promise<unknown>;
    replace(definition: New, now: Date): Promise<unknown>;
    remove(id: string): Promise<unknown>;
  };
  readonly diff: (code: ReadonlyMap<string, Checked>, existing: readonly Stored[]) => DefinitionChange[];
  readonly toNew: (checked: Checked, now: Date) => New;
  readonly lock: Locker;
  readonly clock: Clock;
}): Promise<DefinitionChange[]> {
  return lock(kind, async () => {
    const changes = diff(code, await repository.list());
    for (const { id, kind } of changes) {
      if (kind === 'remove') await repository.remove(id);
      const checked = code.get(id);
      if (kind === 'conflict' || checked === undefined) continue;
      const now = clock.now();
      if (kind === 'add') await repository.create(toNew(checked, now), now);
      else await repository.replace(toNew(checked, now), now);
    }
    return changes;
  });
}
