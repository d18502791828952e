import type { AliasChange, AliasPeriod, ServedVersion } from '../../contracts/models.ts';
import type { ModelRepository } from '../ports/models.ts';

/** Changes as periods, in the same order. @param changes newest first, of any number of aliases. */
export function periodsOf(changes: readonly AliasChange[]): AliasPeriod[] {
  const next = new Map<string, string>();
  return changes.map((change) => {
    const until = next.get(change.alias) ?? null;
    next.set(change.alias, change.at);
    return { ...change, until };
  });
}

/**
 * What an alias made serve between two times, the latest first: one version at a time with all the traffic. A split of the
 * traffic would give several with their shares.
 *
 * @param from, to ISO times; the same twice: what served then. `to` itself is not part of a span.
 */
export async function servedBetween(
  models: Pick<ModelRepository, 'history' | 'get'>,
  {
    model,
    alias,
    from,
    to,
  }: { readonly model: string; readonly alias: string; readonly from: string; readonly to: string },
): Promise<ServedVersion[]> {
  const [first, last] = [Date.parse(from), Date.parse(to)];
  const served: ServedVersion[] = [];
  for (const period of periodsOf(await models.history(model, alias))) {
    const [since, until] = [
      Date.parse(period.at),
      period.until === null ? Number.POSITIVE_INFINITY : Date.parse(period.until),
    ];
    const isIn = until > first && (since < last || since <= first);
    if (!isIn || period.version === null) continue;
    const version = await models.get(model, period.version, { deleted: true });
    if (version) served.push({ version, share: 1, period });
  }
  return served;
}

/**
 * The version to go back to: each change puts a version on a stack, going back takes it off again, so that going back twice
 * leads to the version before the one before. Versions that are gone are passed over.
 *
 * @param changes of one alias, newest first.
 */
export function versionBefore(changes: readonly AliasChange[], isThere: (version: number) => boolean): number | null {
  const stack: (number | null)[] = [];
  for (const { kind, version } of changes.toReversed()) {
    if (kind === 'rollback') while (stack.length > 0 && stack.at(-1) !== version) stack.pop();
    if (stack.at(-1) !== version || stack.length === 0) stack.push(version);
  }
  const now = stack.pop() ?? null;
  return (
    stack.findLast((version): version is number => version !== null && version !== now && isThere(version)) ?? null
  );
}
