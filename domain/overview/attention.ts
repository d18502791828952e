import type { Alert } from '../../contracts/alerts.ts';
import type { BackfillRecord } from '../../contracts/backfills.ts';
import type { DeadlineDay, DeadlineRecord } from '../../contracts/deadlines.ts';
import { type AttentionItem, attentionKinds } from '../../contracts/overview.ts';
import type { RolloutRecord } from '../../contracts/rollouts.ts';
import type { ScheduleRecord } from '../../contracts/schedules.ts';
import { type WorkerRecord, workerState } from '../../contracts/workers.ts';
import { severityRank } from '../alerts/match.ts';
import type { FailedRun, QueueFact } from '../ports/alert-facts.ts';
import type { ScheduleFaults, WaitingOverride } from '../ports/overview-facts.ts';

/** What may need a person. */
export interface Concerns {
  /** Not resolved. */
  readonly alerts: readonly Alert[];
  readonly failedRuns: readonly FailedRun[];
  /** Days that were missed and are not done. */
  readonly missed: readonly DeadlineDay[];
  readonly deadlines: readonly DeadlineRecord[];
  readonly rollouts: readonly RolloutRecord[];
  readonly overrides: readonly WaitingOverride[];
  readonly deadLetters: QueueFact;
  readonly givenUp: QueueFact;
  readonly schedules: readonly ScheduleRecord[];
  readonly scheduleFaults: readonly ScheduleFaults[];
  readonly backfills: readonly BackfillRecord[];
  readonly workers: readonly WorkerRecord[];
  /** Titles of pipelines. */
  readonly titles: ReadonlyMap<string, string>;
  readonly now: Date;
}

type Given = Pick<AttentionItem, 'kind' | 'severity' | 'title' | 'since' | 'link'> & Partial<AttentionItem>;

/** What needs a person, worst first: what nobody takes care of, then by severity, then what has lasted longest. */
export function attention(concerns: Concerns): AttentionItem[] {
  const item = (given: Given): AttentionItem => ({
    ...{ acknowledged: false, detail: null, count: 1, pipeline: null, market: null },
    ...given,
  });
  const told = toldBy(concerns.alerts);
  const found = [
    ...concerns.alerts.map(alertItem),
    ...runItems(concerns).filter(({ link, pipeline, market }) => !told.run(link.id, pipeline, market)),
    ...deadlineItems(concerns).filter(({ link, day }) => !told.subject(`${link.id}/${day}`)),
    ...rolloutItems(concerns).filter(({ link }) => !told.names(link.id)),
    ...overrideItems(concerns),
    ...queueItems(concerns).filter(({ queue }) => !told.subject(queue)),
    ...scheduleItems(concerns).filter(({ link }) => !told.names(`/schedules/${link.id}`)),
    ...backfillItems(concerns),
    ...workerItems(concerns).filter(({ link }) => !told.subject(link.id)),
  ].map(item);
  const kind = (one: AttentionItem): number => attentionKinds.indexOf(one.kind);
  return found.sort(
    (a, b) =>
      Number(a.acknowledged) - Number(b.acknowledged) ||
      severityRank(b.severity) - severityRank(a.severity) ||
      kind(a) - kind(b) ||
      (a.since < b.since ? -1 : 1),
  );
}

/** What open alerts are about. */
function toldBy(alerts: readonly Alert[]) {
  const subjects = new Set(alerts.flatMap(({ findings }) => findings.map(({ subject }) => subject)));
  const text = alerts
    .flatMap(({ key, findings }) => [key, ...findings.flatMap(({ subject, what }) => [subject, what])])
    .join('\n');
  return {
    subject: (subject: string): boolean => subjects.has(subject),
    names: (name: string): boolean => text.includes(name),
    run: (id: string, pipeline: string | null | undefined, market: string | null | undefined): boolean =>
      text.includes(id) ||
      // An alert keeps its newest findings only.
      alerts.some(
        (one) =>
          one.definition === 'run-failed' && one.pipeline === pipeline && (one.market || null) === (market ?? null),
      ),
  };
}

function alertItem({ id, severity, state, text, since, findingCount, pipeline, market }: Alert): Given {
  return {
    ...{ kind: 'alert', severity, acknowledged: state === 'acknowledged', title: text.title, detail: text.what, since },
    ...{ count: findingCount, pipeline, market: market || null, link: { kind: 'alert', id } },
  };
}

function runItems({ failedRuns, titles }: Concerns): Given[] {
  const groups = new Map<string, FailedRun[]>();
  for (const run of failedRuns) {
    const key = JSON.stringify([run.pipeline, run.market]);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()].map((runs): Given => {
    const [first, newest] = [runs[0], runs.at(-1)] as [FailedRun, FailedRun];
    const { pipeline, market, step, error, runId } = newest;
    const of = `${titles.get(pipeline) ?? pipeline}${market ? `, ${market}` : ''}`;
    return {
      ...{ kind: 'run', severity: 'warning', pipeline, market: market || null, since: first.at, count: runs.length },
      title: `${of}: ${runs.length === 1 ? 'a run' : `${runs.length} runs`} failed${step ? ` in ${step}` : ''}`,
      detail: error?.message ?? null,
      link: { kind: 'run', id: runId },
    };
  });
}

function deadlineItems({ missed, deadlines, titles }: Concerns): (Given & { readonly day: string })[] {
  const known = new Map(deadlines.map((deadline) => [deadline.id, deadline]));
  return missed.map((day) => {
    const { pipeline = null, definition } = known.get(day.deadline) ?? {};
    const market = definition?.key ?? null;
    const of = `${titles.get(pipeline ?? '') ?? day.deadline}${market ? `, ${market}` : ''}`;
    return {
      ...{
        kind: 'deadline',
        severity: 'critical',
        pipeline,
        market,
        since: day.dueAt,
        detail: day.reason,
        day: day.day,
      },
      title: `${of}: the deadline ${day.deadline} of ${day.day} was missed`,
      link: { kind: 'deadline', id: day.deadline },
    };
  });
}

function rolloutItems({ rollouts }: Concerns): Given[] {
  return rollouts.map(({ id, model, market, version, status, step, stepSince, createdAt, reason }) => ({
    ...{ kind: 'rollout', severity: status === 'paused' ? 'warning' : 'info', market: market || null, detail: reason },
    title: `Rollout of ${model} ${version}${market ? ` in ${market}` : ''} ${status === 'paused' ? `is paused in step ${step + 1}` : 'waits to begin'}`,
    since: stepSince ?? createdAt,
    link: { kind: 'rollout', id },
  }));
}

function overrideItems({ overrides }: Concerns): Given[] {
  return overrides.map(({ decision, pipeline, model, verdict, by, at }) => ({
    ...{ kind: 'override', severity: 'warning', pipeline, since: at, link: { kind: 'decision', id: decision } },
    title: `${by} asks to ${verdict === 'keep' ? 'keep' : verdict === 'retrain' ? 'retrain' : 'train a challenger of'} ${model}: it waits for approval`,
  }));
}

function queueItems({ deadLetters, givenUp }: Concerns): (Given & { readonly queue: string })[] {
  const of = (
    { count, oldestAt, error }: QueueFact,
    queue: string,
    kind: 'dead-letters' | 'notifications',
    what: (n: number) => string,
  ): (Given & { readonly queue: string })[] =>
    count === 0 || oldestAt === null
      ? []
      : [
          {
            ...{ kind, severity: 'warning', count, since: oldestAt, detail: error?.message ?? null, queue },
            ...{ title: what(count), link: { kind, id: '' } },
          },
        ];
  return [
    ...of(deadLetters, 'dead-letters', 'dead-letters', (n) =>
      n === 1 ? 'An event was given up' : `${n} events were given up`,
    ),
    ...of(givenUp, 'failed-notifications', 'notifications', (n) =>
      n === 1 ? 'A message could not be delivered' : `${n} messages could not be delivered`,
    ),
  ];
}

function scheduleItems({ schedules, scheduleFaults, now }: Concerns): Given[] {
  const pipelines = new Map(schedules.map(({ id, pipeline }) => [id, pipeline]));
  return [
    ...scheduleFaults.map(
      ({ schedule, count, at, message }): Given => ({
        ...{
          kind: 'schedule',
          severity: 'warning',
          count,
          since: at,
          detail: message,
          pipeline: pipelines.get(schedule) ?? null,
        },
        title: `Schedule ${schedule}: ${count === 1 ? 'a start' : `${count} starts`} made no run`,
        link: { kind: 'schedule', id: schedule },
      }),
    ),
    ...schedules
      .filter(({ paused }) => paused)
      .map(
        ({ id, pipeline, note, updatedAt, createdAt }): Given => ({
          ...{ kind: 'schedule', severity: 'info', pipeline, since: updatedAt ?? createdAt ?? now.toISOString() },
          ...{ title: `Schedule ${id} is paused`, detail: note || null, link: { kind: 'schedule', id } },
        }),
      ),
  ];
}

function backfillItems({ backfills }: Concerns): Given[] {
  return backfills.map(({ id, pipeline, from, to, finishedAt, createdAt, total }) => ({
    ...{
      kind: 'backfill',
      severity: 'warning',
      pipeline,
      since: finishedAt ?? createdAt,
      link: { kind: 'backfill', id },
    },
    title: `Backfill of ${pipeline} from ${from} to ${to} failed`,
    detail: `Not all of its ${total} partitions were done.`,
  }));
}

function workerItems({ workers }: Concerns): Given[] {
  return workers
    .filter((worker) => workerState(worker) === 'dead')
    .map(({ id, role, beatAt }) => ({
      ...{ kind: 'worker', severity: 'warning', since: beatAt, link: { kind: 'worker', id } },
      ...{ title: `Process ${id} (${role}) has died`, detail: 'It gives no sign of life.' },
    }));
}
