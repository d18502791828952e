import type { AliasChange, AliasPeriod, ServedPeriod, ServedVersion } from '../../contracts/models.ts';
import { builtIn } from '../../contracts/serving-configurations.ts';
import type { TrafficPeriod, TrafficRoute } from '../../contracts/traffic.ts';
import type { ModelRepository } from '../ports/models.ts';
import type { TrafficRepository } from '../ports/traffic.ts';

/** Changes as periods, in the same order. @param changes newest first, of any number of aliases. */
export function periodsOf(changes: readonly AliasChange[]): AliasPeriod[] {
  const next = new Map<string, string>();
  return changes.map((change) => {
    const until = next.get(change.alias) ?? null;
    next.set(change.alias, change.at);
    return { ...change, until };
  });
}

interface Span {
  readonly model: string;
  readonly alias: string;
  /** ISO times; the same twice: what served then. `to` itself is not part of a span. */
  readonly from: string;
  readonly to: string;
}

type Served = Omit<ServedVersion, 'version'>;

/**
 * What served between two times, the latest first. Of the champion each state of the traffic counts, with the versions, configurations
 * and shares that it had; of other aliases, and of times from which no traffic is kept, where the alias pointed.
 */
export async function servedBetween(
  {
    models,
    traffic,
  }: { models: Pick<ModelRepository, 'history' | 'get'>; traffic: Pick<TrafficRepository, 'periods'> },
  { model, alias, from, to }: Span,
): Promise<ServedVersion[]> {
  const changes = periodsOf(await models.history(model, alias));
  const states = alias === 'champion' ? await traffic.periods(model, new Date(from), new Date(to)) : [];
  const oldest = states.at(-1);
  const byTraffic = states.flatMap((state) =>
    state.routes.filter(({ share }) => share > 0).map((route) => servedBy(state, route, changes)),
  );
  const byAlias =
    oldest === undefined || oldest.revision === 1 ? servedAs(changes, { from, to }, oldest?.at ?? null) : [];
  const served: ServedVersion[] = [];
  for (const { period, ...one } of [...byTraffic, ...byAlias]) {
    const version = period.version === null ? null : await models.get(model, period.version, { deleted: true });
    if (version) served.push({ version, ...one, period });
  }
  return served;
}

function servedBy(
  { model, at, until, by, reason, rollout }: TrafficPeriod,
  { version, configuration, share }: TrafficRoute,
  changes: readonly AliasPeriod[],
): Served {
  // What moves the champion sets the traffic at the same time.
  const move = changes.find((change) => change.at === at && change.version === version);
  const { kind = rollout ? 'rollout' : 'set', runId = null, decisionId = null } = move ?? {};
  const links = { kind, runId, decisionId, rollout: rollout?.id ?? null } as const;
  return { configuration, share, period: { model, alias: 'champion', version, at, until, by, reason, ...links } };
}

/** Where an alias pointed within a span. @param end ISO time at which it ceased to decide; null: it still does. */
function servedAs(
  changes: readonly AliasPeriod[],
  { from, to }: Pick<Span, 'from' | 'to'>,
  end: string | null,
): Served[] {
  const [first, last] = [Date.parse(from), Date.parse(to)];
  const ends = end === null ? Number.POSITIVE_INFINITY : Date.parse(end);
  return changes.flatMap(({ until, ...change }) => {
    const since = Date.parse(change.at);
    const ended = Math.min(ends, until === null ? Number.POSITIVE_INFINITY : Date.parse(until));
    const isIn = since < ended && ended > first && (since < last || since <= first);
    if (!isIn) return [];
    const period: ServedPeriod = { ...change, until: ended === ends ? end : until, rollout: null };
    return [{ configuration: builtIn, share: 1, period }];
  });
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
