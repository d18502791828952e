import type { DayStanding, PipelineState } from '../../contracts/overview.ts';

/** Keys that are named; of more, how many. */
const mostNames = 3;

/** `06:10`, or with the date before it when that is not today; UTC. */
export function clockOf(time: string, now: Date): string {
  const day = time.slice(0, 10);
  return `${day === now.toISOString().slice(0, 10) ? '' : `${day} `}${time.slice(11, 16)}`;
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

/** How a pipeline stands, in a sentence: `Offers for 4 of 5 markets are done; Germany waits for its data since 06:10.` */
export function sentenceOf(told: Told, now: Date): string {
  const { title, state, since, day, late } = told;
  if (state === 'never-run') return `${title} has never run.`;
  const parts = [day ? dayText(told, day, now) : stateText(told, now)];
  // What the keys do not say.
  if (day && state === 'paused' && since) parts.push(`it is paused since ${clockOf(since, now)}`);
  if (late) {
    const expected = late.expectedAt ? `, and will probably be done at ${clockOf(late.expectedAt, now)}` : '';
    parts.push(`it was due at ${clockOf(late.dueAt, now)}${expected}`);
  }
  return `${parts.join('; ')}.`;
}

function dayText({ title, keyName }: Told, { date, done, total, open }: DayStanding, now: Date): string {
  const keys = `${keyName}${total === 1 ? '' : 's'}`;
  const of = `${title} of ${date}`;
  if (open.length === 0) return `${of} for ${total === 1 ? `the one ${keys}` : `all ${total} ${keys}`} are done`;
  const groups = (['failed', 'waiting', 'running'] as const).flatMap((standing) => {
    const own = open.filter((one) => one.standing === standing);
    const [first] = [...own].sort((a, b) => (a.since < b.since ? -1 : 1));
    if (!first) return [];
    const names = namesOf(own.map(({ key }) => key));
    const at = clockOf(first.since, now);
    const isOne = own.length === 1;
    if (standing === 'failed') return [`${names} failed at ${at}`];
    if (standing === 'running') return [`${names} ${isOne ? 'is' : 'are'} running since ${at}`];
    return [`${names} ${isOne ? 'waits for its data' : 'wait for their data'} since ${at}`];
  });
  return [`${of} for ${done} of ${total} ${keys} are done`, ...groups].join('; ');
}

function stateText({ title, state, since, failures }: Told, now: Date): string {
  const at = since ? clockOf(since, now) : '';
  switch (state) {
    case 'failed':
      return `${title} failed at ${at}${failures > 1 ? `, and ${failures} times since it last succeeded` : ''}`;
    case 'running':
    case 'late':
      return `${title} is running since ${at}`;
    case 'paused':
      return `${title} is paused since ${at}`;
    case 'waiting':
      return `${title} waits since ${at}`;
    default:
      return `${title} last succeeded at ${at}`;
  }
}

function namesOf(names: readonly string[]): string {
  const more = names.length - mostNames;
  if (more > 0) return `${names.slice(0, mostNames).join(', ')} and ${more} more`;
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? '');
}
