import {
  type Alert,
  type AlertChange,
  type AlertDefinitionRecord,
  type AlertText,
  mostFindings,
  type Silence,
} from '../../contracts/alerts.ts';
import type { NoticeKind } from '../../contracts/notifications.ts';
import { msOf } from './conditions/index.ts';
import type { Found } from './found.ts';
import type { Group } from './group.ts';
import { severityRank } from './match.ts';

/** More of the same is told again after so long at the earliest. */
const againMs = 600_000;

/** How an alert goes on. */
export interface Step {
  readonly alert: Alert;
  readonly changes: readonly AlertChange[];
  /** What channels are told; null: nothing. */
  readonly notice: NoticeKind | null;
}

/** An alert that begins. */
export function fire(
  id: string,
  group: Group,
  { id: definition, version: definitionVersion }: AlertDefinitionRecord,
  text: AlertText,
  silence: Silence | null,
  now: Date,
): Step {
  const at = now.toISOString();
  const alert: Alert = {
    id,
    definition,
    definitionVersion,
    key: group.key,
    pipeline: group.pipeline,
    market: group.market,
    severity: group.severity,
    state: 'firing',
    text,
    ...findingsOf(group, [], at),
    firedAt: at,
    acknowledgedAt: null,
    acknowledgedBy: null,
    escalatedAt: null,
    resolvedAt: null,
    resolution: null,
    silencedBy: silence?.id ?? null,
    notifiedAt: silence ? null : at,
  };
  const changes: AlertChange[] = [{ at, kind: 'fired', by: null, note: text.what }];
  if (silence) changes.push(silenced(silence, at));
  return { alert, changes, notice: silence ? null : 'firing' };
}

/** Whether there is something new in a group that an alert does not say yet. */
export function isNews(alert: Alert, group: Group): boolean {
  return (
    group.found.length !== alert.findingCount || group.severity !== alert.severity || newOf(alert, group).length > 0
  );
}

/**
 * How an open alert goes on while its condition holds: more is found, it becomes worse (an acknowledgement was for what
 * was known: it fires again), a silence begins or ends, nobody acknowledges it in time. @returns null when nothing changes.
 *
 * @param text anew; only where {@link isNews}.
 */
export function goOn(
  before: Alert,
  group: Group,
  { definition, version: definitionVersion }: AlertDefinitionRecord,
  text: AlertText | null,
  silence: Silence | null,
  now: Date,
): Step | null {
  const at = now.toISOString();
  const changes: AlertChange[] = [];
  let alert = before;
  if (text) {
    const added = newOf(before, group);
    const isWorse = severityRank(group.severity) > severityRank(before.severity);
    if (isWorse) changes.push({ at, kind: 'worse', by: null, note: `${before.severity} → ${group.severity}` });
    if (added.length > 0)
      changes.push({
        at,
        kind: 'grew',
        by: null,
        note: added
          .map(({ what }) => what)
          .slice(0, 3)
          .join(' '),
      });
    alert = { ...before, definitionVersion, severity: group.severity, text, ...findingsOf(group, before.findings, at) };
    if (isWorse) alert = { ...alert, state: 'firing', acknowledgedAt: null, acknowledgedBy: null };
  }
  if ((silence?.id ?? null) !== before.silencedBy) {
    alert = { ...alert, silencedBy: silence?.id ?? null };
    changes.push(silence ? silenced(silence, at) : { at, kind: 'unsilenced', by: null, note: 'the silence is over' });
  }
  const waited = now.getTime() - Date.parse(alert.firedAt);
  const isDue = definition.escalateAfter != null && waited >= msOf(definition.escalateAfter);
  const escalates = alert.state === 'firing' && alert.escalatedAt === null && isDue && !silence;
  if (escalates) {
    alert = { ...alert, escalatedAt: at };
    changes.push({
      at,
      kind: 'escalated',
      by: null,
      note: `nobody acknowledged it within ${definition.escalateAfter}`,
    });
  }
  const notice = silence ? null : escalates ? 'escalated' : noticeOf(alert, changes, before, now);
  if (changes.length === 0 && !text && notice === null) return null;
  return { alert: notice ? { ...alert, notifiedAt: at } : alert, changes, notice };
}

/** An alert that is over, by itself or by a person. Whoever was told that it began is told that it is over. */
export function resolve(before: Alert, resolution: string, by: string | null, now: Date): Step {
  const at = now.toISOString();
  return {
    alert: { ...before, state: 'resolved', resolvedAt: at, resolution },
    changes: [{ at, kind: 'resolved', by, note: resolution }],
    notice: before.notifiedAt !== null && before.silencedBy === null ? 'resolved' : null,
  };
}

function noticeOf(alert: Alert, changes: readonly AlertChange[], before: Alert, now: Date): NoticeKind | null {
  if (before.notifiedAt === null) return alert.state === 'firing' ? 'firing' : null;
  if (changes.some(({ kind }) => kind === 'worse')) return 'again';
  const told = Date.parse(before.notifiedAt);
  const isUntold = alert.findings.some(({ seenAt }) => Date.parse(seenAt) > told);
  return isUntold && now.getTime() - told >= againMs ? 'again' : null;
}

/** What a group has that an alert does not say; what it has no place for counts by its time. */
function newOf({ findings }: Alert, { found }: Group): readonly Found[] {
  const known = new Set(findings.map(({ subject }) => subject));
  const oldest = findings[0]?.since ?? '';
  return found.filter(
    ({ subject, since }) => !known.has(subject) && (findings.length < mostFindings || since > oldest),
  );
}

function findingsOf(
  { found }: Group,
  before: Alert['findings'],
  at: string,
): Pick<Alert, 'findings' | 'findingCount' | 'since'> {
  const seen = new Map(before.map(({ subject, seenAt }) => [subject, seenAt]));
  return {
    findings: found
      .slice(-mostFindings)
      .map(({ subject, since, what }) => ({ subject, since, what, seenAt: seen.get(subject) ?? at })),
    findingCount: found.length,
    since: found[0]?.since ?? '',
  };
}

function silenced({ by, reason, until }: Silence, at: string): AlertChange {
  return { at, kind: 'silenced', by, note: `until ${until}: ${reason}` };
}
