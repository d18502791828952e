import type { DayStanding, PipelineState } from '../../contracts/overview.ts';

/** Keys that are named; of more, how many. */
const mostNames = 3;

/** When, and where in the world, a sentence is read. */
export interface Reading {
  readonly now: Date;
  /** IANA zone of the times of day in it. */
  readonly timeZone: string;
}

/** `06:10`, or `6 Nov 06:10` when that is not today, in the reader's zone. */
function clockOf(time: string, { now, timeZone }: Reading): string {
  const at = new Date(time);
  const day = (of: Date): string => of.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone });
  const clock = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone });
  return day(at) === day(now) ? clock : `${day(at)} ${clock}`;
}

export interface Told {
  readonly title: string;
  readonly state: PipelineState;
  readonly since: string | null;
  readonly day: DayStanding | null;
  /** What a key is, such as `market`. */
  readonly keyName: string;
  readonly failures: number;
  /** Due when, and expected when, of the deadline that is at risk. */
  readonly late: { readonly dueAt: string; readonly expectedAt: string | null } | null;
}

/** How a pipeline stands, in a sentence: `Offers for 4 of 5 markets are done; Germany has waited for its data since 06:10.` */
export function sentenceOf(told: Told, reading: Reading): string {
  const { title, state, since, day, late } = told;
  if (state === 'never-run') return `${title} has never run.`;
  const parts = [day ? dayText(told, day, reading) : stateText(told, reading)];
  // What the keys do not say.
  if (day && state === 'paused' && since) parts.push(`it has been paused since ${clockOf(since, reading)}`);
  if (late) {
    const expected = late.expectedAt ? `, and will probably be done by ${clockOf(late.expectedAt, reading)}` : '';
    parts.push(`it was due at ${clockOf(late.dueAt, reading)}${expected}`);
  }
  return `${parts.join('; ')}.`;
}

function dayText({ title, keyName }: Told, { date, done, total, open }: DayStanding, reading: Reading): string {
  const keys = `${keyName}${total === 1 ? '' : 's'}`;
  const of = `${title} of ${date}`;
  if (open.length === 0) return `${of} for ${total === 1 ? `the one ${keys}` : `all ${total} ${keys}`} are done`;
  const groups = (['failed', 'waiting', 'running'] as const).flatMap((standing) => {
    const own = open.filter((one) => one.standing === standing);
    const [first] = [...own].sort((a, b) => (a.since < b.since ? -1 : 1));
    if (!first) return [];
    const names = namesOf(own.map(({ key }) => key));
    const at = clockOf(first.since, reading);
    const isOne = own.length === 1;
    if (standing === 'failed') return [`${names} failed at ${at}`];
    if (standing === 'running') return [`${names} ${isOne ? 'has' : 'have'} been running since ${at}`];
    return [`${names} ${isOne ? 'has waited for its data' : 'have waited for their data'} since ${at}`];
  });
  return [`${of} for ${done} of ${total} ${keys} are done`, ...groups].join('; ');
}

function stateText({ title, state, since, failures }: Told, reading: Reading): string {
  const at = since ? clockOf(since, reading) : '';
  switch (state) {
    case 'failed':
      return `${title} failed at ${at}${failures > 1 ? `, and ${failures} times since it last succeeded` : ''}`;
    case 'running':
    case 'late':
      return `${title} has been running since ${at}`;
    case 'paused':
      return `${title} has been paused since ${at}`;
    case 'waiting':
      return `${title} has been waiting since ${at}`;
    default:
      return `${title} last succeeded at ${at}`;
  }
}

function namesOf(names: readonly string[]): string {
  const more = names.length - mostNames;
  if (more > 0) return `${names.slice(0, mostNames).join(', ')} and ${more} more`;
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? '');
}
