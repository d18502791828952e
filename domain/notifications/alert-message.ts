import type { Alert } from '../../contracts/alerts.ts';
import type { NoticeKind } from '../../contracts/notifications.ts';
import { utc } from '../alerts/found.ts';
import { span } from '../deadlines/words.ts';
import type { Block, Message, Tone } from './message.ts';

const badges: Readonly<Record<NoticeKind, (alert: Alert) => string>> = {
  firing: ({ severity }) => severity.toUpperCase(),
  again: ({ severity }) => `${severity.toUpperCase()}, MORE OF IT`,
  escalated: () => 'ESCALATED: NOBODY HAS ACKNOWLEDGED',
  resolved: () => 'OVER',
};

/** What is told about an alert: what happened, since when, what it affects, the first thing to do. */
export function alertMessage(alert: Alert, kind: NoticeKind, now: Date): Message {
  const { text, severity, id } = alert;
  const isOver = kind === 'resolved';
  const tone: Tone = isOver ? 'good' : severity;
  const ago = (iso: string): string => span(Math.max(0, now.getTime() - Date.parse(iso)));
  const facts: (readonly [string, string])[] = [
    ['Since', `${utc(alert.since)} (${ago(alert.since)} ago)`],
    ...(isOver && alert.resolvedAt ? [['Over', `${utc(alert.resolvedAt)}. ${alert.resolution ?? ''}`] as const] : []),
    ...(alert.acknowledgedBy && !isOver ? [['Taken care of by', alert.acknowledgedBy] as const] : []),
    ...(alert.findingCount > 1 ? [['How many', String(alert.findingCount)] as const] : []),
  ];
  const todo: Block[] = isOver
    ? []
    : [
        { kind: 'heading', text: 'First thing to do' },
        { kind: 'text', text: text.firstStep },
        ...(text.command ? [{ kind: 'command', text: text.command } as const] : []),
      ];
  const subject = `[${isOver ? 'over' : kind === 'escalated' ? 'escalated' : severity}] ${text.title}`;
  return {
    subject,
    badge: badges[kind](alert),
    tone,
    title: text.title,
    blocks: [
      { kind: 'text', text: text.what },
      { kind: 'facts', facts },
      ...(text.affects.length > 0 && !isOver
        ? [{ kind: 'list', title: 'What it affects', items: text.affects.map((item) => ({ text: item })) } as const]
        : []),
      ...todo,
    ],
    footer: isOver
      ? `Alert ${alert.definition}, ${id}`
      : `Alert ${alert.definition}. Say that you take care of it: perennial alerts ack ${id}`,
  };
}
