import type {
  Alert,
  AlertChange,
  AlertCondition,
  AlertDefinition,
  Silence,
  SilenceMatch,
} from '../contracts/alerts.ts';
import type { NotificationRecord } from '../contracts/notifications.ts';
import { alertSeverities } from '../contracts/rules.ts';
import { duration, table, time } from './terminal.ts';

/** An alert as `GET /v1/alerts/:id` shows it. */
export interface AlertShown extends Alert {
  readonly changes: readonly AlertChange[];
  readonly notifications: readonly NotificationRecord[];
}

/** Alerts in one look, worst first. */
export function alertsText(alerts: readonly Alert[]): string {
  const rank = ({ state, severity }: Alert): number =>
    (state === 'resolved' ? 10 : 0) - alertSeverities.indexOf(severity);
  return table(
    ['alert', 'severity', 'state', 'since', 'what'],
    [...alerts]
      .sort((a, b) => rank(a) - rank(b))
      .map((alert) => [alert.id, alert.severity, stateText(alert), time(alert.since), alert.text.title]),
    { empty: 'No alerts.', widths: [36, 8, 26, 19, 70] },
  );
}

/** What happened, since when, what it affects, the first thing to do; then what became of it. */
export function alertText(alert: AlertShown): string {
  const { text, findings, findingCount, changes, notifications } = alert;
  const more = findingCount - findings.length;
  return [
    `${text.title}  [${alert.severity}, ${stateText(alert)}]`,
    '',
    text.what,
    `Since ${time(alert.since)} UTC (${duration(Date.now() - Date.parse(alert.since))}).`,
    ...(text.affects.length > 0 ? ['', 'Affects:', ...text.affects.map((one) => `  - ${one}`)] : []),
    '',
    `First thing to do: ${text.firstStep}`,
    ...(text.command ? [`  ${text.command}`] : []),
    ...(findingCount > 1
      ? [
          '',
          `Found (${findingCount}):`,
          ...findings.map((one) => `  - ${one.what}`),
          ...(more > 0 ? [`  and ${more} more`] : []),
        ]
      : []),
    '',
    ...changes.map(
      ({ at, kind, by, note }) => `${time(at)}  ${kind}${by ? ` by ${by}` : ''}${note ? `: ${note}` : ''}`,
    ),
    ...(notifications.length > 0 ? ['', notificationsText(notifications)] : []),
  ].join('\n');
}

export function stateText({ state, acknowledgedBy, silencedBy, escalatedAt }: Alert): string {
  const words = [
    state === 'acknowledged' ? `acknowledged (${acknowledgedBy})` : state,
    ...(escalatedAt && state === 'firing' ? ['escalated'] : []),
    ...(silencedBy && state !== 'resolved' ? ['silenced'] : []),
  ];
  return words.join(', ');
}

export function notificationsText(notifications: readonly NotificationRecord[]): string {
  return table(
    ['message', 'written', 'channel', 'kind', 'state', 'tries', 'what'],
    notifications.map((n) => [
      n.id,
      time(n.createdAt),
      n.channel,
      n.kind,
      n.state === 'sent' ? `sent ${time(n.sentAt).slice(11)}` : n.state,
      n.attempts,
      n.error ? `${n.error.message}${n.error.remedy ? `\n→ ${n.error.remedy}` : ''}` : n.title,
    ]),
    { right: ['message', 'tries'], empty: 'No messages.', widths: [8, 19, 20, 9, 14, 5, 60] },
  );
}

export function silencesText(silences: readonly Silence[]): string {
  return table(
    ['silence', 'of', 'until', 'by', 'why'],
    silences.map((s) => [
      s.id,
      matchText(s.match),
      s.endedAt ? `ended ${time(s.endedAt)}` : time(s.until),
      s.by,
      s.reason,
    ]),
    { empty: 'Nothing is silenced.' },
  );
}

/** `pipeline offers, market France`. */
export function matchText(match: SilenceMatch): string {
  return Object.entries(match)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

/** When an alert fires, in a line. */
export function definitionText({ when, pipelines, markets, for: length }: AlertDefinition): string {
  const where = [pipelines ? `of ${pipelines.join(', ')}` : '', markets ? `for ${markets.join(', ')}` : ''];
  const held = length && !/^0+s$/.test(length) ? ` for ${length}` : '';
  return [conditionText(when), ...where].filter(Boolean).join(' ') + held;
}

function conditionText(when: AlertCondition): string {
  switch (when.kind) {
    case 'run-failed':
      return 'a run failed';
    case 'run-late':
      return `a run takes more than ${when.factor} times the usual, and ${when.atLeast}`;
    case 'run-lost':
      return `the worker of a run is silent for ${when.after}`;
    case 'run-stalled':
      return `nothing happens to a run for ${when.after}`;
    case 'deadline':
      return `a deadline is ${when.states?.join(' or ')}`;
    case 'worker-dead':
      return `a worker${when.roles ? ` (${when.roles.join(', ')})` : ''} is silent for ${when.after}`;
    case 'queue-age':
      return `${when.queue} wait for ${when.after}`;
    case 'metric':
      return [
        when.metric,
        ...(when.below === undefined ? [] : [`below ${when.below}`]),
        ...(when.above === undefined ? [] : [`above ${when.above}`]),
        ...((when.windows ?? 1) > 1 ? [`${when.windows} ${when.of === 'run' ? 'runs' : 'days'} in a row`] : []),
      ].join(' ');
    case 'series':
      return `${when.metric} is beyond its own bound`;
    case 'event':
      return `the event ${when.type}`;
  }
}
