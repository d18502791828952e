import { randomUUID } from 'node:crypto';
import type { AlertDefinitionRecord, Silence } from '../../contracts/alerts.ts';
import type { Channel } from '../../contracts/notifications.ts';
import type { AnyPipeline } from '../dag/definition.ts';
import type { AlertDefinitionRepository, AlertRepository, StoredAlert } from '../ports/alerts.ts';
import type { Clock } from '../ports/clock.ts';
import type { ChannelRepository } from '../ports/notifications.ts';
import { fire, goOn, isNews, resolve, type Step } from './advance.ts';
import { look, type Sight } from './conditions/index.ts';
import { type Group, groupFound, keyOf } from './group.ts';
import { impactOf } from './impact.ts';
import { silenceOf } from './match.ts';
import { messagesFor } from './routing.ts';
import { textOf } from './text.ts';

/** A round is taken this long after the last at the earliest. */
const everyMs = 4_000;
/** What a person resolved stays quiet for so long, unless it happens anew. */
const quietMs = 30 * 86_400_000;

export interface RoundDeps extends Omit<Sight, 'now'> {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly alertDefinitions: Pick<AlertDefinitionRepository, 'list'>;
  readonly alerts: Pick<AlertRepository, 'claimRound' | 'open' | 'resolvedByHand' | 'silences' | 'save'>;
  readonly channels: Pick<ChannelRepository, 'list'>;
  readonly clock: Clock;
  /** Who looks: shown with the last round. */
  readonly by: string;
}

/**
 * Looks at the condition of every alert and writes down what that changes, each change with its messages in one
 * transaction. Of several processes one takes each round; should two overlap, each change and each message is still
 * written once. A condition that cannot be looked at leaves its alerts as they are and does not keep the others from being
 * looked at; it is thrown at the end.
 *
 * @returns how many alerts changed; null when another process had the round.
 */
export async function alertRound(deps: RoundDeps): Promise<number | null> {
  const { alerts, alertDefinitions, channels, clock, by } = deps;
  if (!(await alerts.claimRound(by, everyMs))) return null;
  const now = clock.now();
  const [definitions, open, silences, receivers, resolvedByHand] = await Promise.all([
    alertDefinitions.list(),
    alerts.open(),
    alerts.silences({ activeAt: now }),
    channels.list(),
    alerts.resolvedByHand(new Date(now.getTime() - quietMs)),
  ]);
  const round = { deps, now, silences, receivers, resolvedByHand };
  const faults: unknown[] = [];
  let changed = 0;
  for (const definition of definitions.filter(({ enabled }) => enabled)) {
    try {
      changed += await judge(
        round,
        definition,
        open.filter(({ alert }) => alert.definition === definition.id),
      );
    } catch (fault) {
      faults.push(fault);
    }
  }
  const watched = new Set(definitions.flatMap(({ id, enabled }) => (enabled ? [id] : [])));
  for (const stored of open.filter(({ alert }) => !watched.has(alert.definition)))
    changed += await write(round, stored, resolve(stored.alert, 'Its definition was disabled or removed.', null, now));
  if (faults.length > 1) throw new AggregateError(faults, `${faults.length} alert definitions could not be looked at`);
  if (faults.length === 1) throw faults[0];
  return changed;
}

interface Round {
  readonly deps: RoundDeps;
  readonly now: Date;
  readonly silences: readonly Silence[];
  readonly receivers: readonly Channel[];
  readonly resolvedByHand: ReadonlyMap<string, string>;
}

async function judge(round: Round, record: AlertDefinitionRecord, open: readonly StoredAlert[]): Promise<number> {
  const { deps, now, resolvedByHand } = round;
  const { definition, id } = record;
  const found = await look(definition, { ...deps, now });
  const kept = found.filter((one) => one.since > (resolvedByHand.get(`${id}/${keyOf(definition, one)}`) ?? ''));
  const groups = new Map(groupFound(definition, kept).map((group) => [group.key, group]));
  let changed = 0;
  for (const [key, group] of groups) {
    const before = open.find(({ alert }) => alert.key === key);
    const silence = silenceOf({ ...group, definition: id }, round.silences, now);
    const text =
      before && !isNews(before.alert, group)
        ? null
        : textOf(definition, group, await impactOf(group, { ...deps, now }));
    const step = before
      ? goOn(before.alert, group, record, text, silence, now)
      : text && fire(randomUUID(), group, record, text, silence, now);
    if (step) changed += await write(round, before ?? null, step, traceOf(group));
  }
  for (const stored of open.filter(({ alert }) => !groups.has(alert.key)))
    changed += await write(round, stored, resolve(stored.alert, 'The condition no longer holds.', null, now));
  return changed;
}

/** Where the trace of the newest that was found goes on, of what has one. */
function traceOf({ found }: Group): string | undefined {
  return found.findLast(({ traceparent }) => traceparent !== undefined)?.traceparent;
}

async function write(
  { deps, now, receivers }: Round,
  before: StoredAlert | null,
  step: Step,
  trace?: string,
): Promise<number> {
  const { alert, changes, notice } = step;
  const version = before?.version ?? 0;
  const messages = notice ? messagesFor(alert, notice, version + 1, receivers) : [];
  // What becomes of an alert is part of the trace that raised it.
  const cause = before === null ? trace : (before.traceparent ?? undefined);
  return Number(await deps.alerts.save(alert, version, changes, messages, now, cause));
}
