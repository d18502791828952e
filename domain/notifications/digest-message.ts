import type { Digest, DigestFigure, DigestMarket, DigestPipeline } from '../../contracts/digest.ts';
import { wallOf } from '../schedules/zone.ts';
import type { Block, Cell, Message } from './message.ts';

/** Columns of the table of markets beside the name. */
const mostColumns = 3;
const numbers = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const decimals = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 3 });

/** The key results of a day, as a business user reads them: what was delivered, the figures, what needs attention. */
export function digestMessage({ day, zone, pipelines, attention }: Digest): Message {
  const critical = attention.filter(({ severity }) => severity === 'critical').length;
  const isLate = pipelines.some(({ deadlines }) => deadlines.some(({ isGood }) => !isGood));
  const tone = critical > 0 ? 'critical' : attention.length > 0 || isLate ? 'warning' : 'good';
  const state =
    attention.length > 0
      ? `${attention.length} ${attention.length === 1 ? 'thing needs' : 'things need'} attention`
      : 'all is well';
  const date = new Date(`${day}T00:00:00Z`).toLocaleDateString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return {
    subject: `Results of ${date}: ${state}`,
    badge: 'DAILY DIGEST',
    tone,
    title: `${date}: ${state}`,
    blocks: [
      ...(attention.length > 0 ? [attentionBlock({ attention, zone, day })] : []),
      ...pipelines.flatMap((pipeline) => pipelineBlocks(pipeline, { zone, day })),
    ],
    footer: `▲ and ▼: since the day before. In orange: the day of results that were not renewed. Times are those of ${zone}.`,
  };
}

function attentionBlock({ attention, zone, day }: Pick<Digest, 'attention' | 'zone' | 'day'>): Block {
  return {
    kind: 'list',
    title: 'Needs attention',
    items: attention.map(({ severity, title, since, affects, acknowledgedBy }) => ({
      text: [
        `${title} (since ${local(since, zone, day)}).`,
        acknowledgedBy ? `${acknowledgedBy} takes care of it.` : 'Nobody has taken it up yet.',
        ...(affects.length > 0 ? [`Affects ${affects.slice(0, 2).join(' ')}`] : []),
      ].join(' '),
      ...(severity === 'info' ? {} : { tone: severity }),
    })),
  };
}

function pipelineBlocks(pipeline: DigestPipeline, when: Pick<Digest, 'zone' | 'day'>): Block[] {
  const { title, succeeded, failed, markets, deadlines, decisions } = pipeline;
  const own = markets.filter(({ market }) => market !== '');
  const all = markets.find(({ market }) => market === '');
  const fresh = own.filter(({ isNew }) => isNew);
  const delivered =
    own.length > 0
      ? `New results for ${fresh.length} of ${own.length} markets.`
      : all?.date
        ? `Newest results: ${all.date}.`
        : 'No results yet.';
  const runs = `${succeeded} ${succeeded === 1 ? 'run' : 'runs'} succeeded${failed > 0 ? `, ${failed} failed` : ''}.`;
  const notes: Cell[] = [
    ...deadlines.map(({ text, isGood }): Cell => ({ text, tone: isGood ? 'good' : 'critical' })),
    ...decisions.map((text): Cell => ({ text })),
  ];
  return [
    { kind: 'heading', text: title },
    { kind: 'text', text: `${delivered} ${runs}` },
    ...(notes.length > 0 ? [{ kind: 'list', title: 'Deadlines and decisions', items: notes } as const] : []),
    ...(all && all.figures.length > 0 ? [figuresTable(own.length > 0 ? 'All markets' : title, all.figures)] : []),
    ...(own.length > 0 ? [marketsTable(own, when)] : []),
  ];
}

function figuresTable(name: string, figures: readonly DigestFigure[]): Block {
  return {
    kind: 'table',
    head: [name, 'Now', 'Since the day before', 'Since a week ago'],
    rows: figures.map((figure) => [
      { text: figure.label },
      { text: written(figure, figure.value) },
      changeCell(figure, figure.yesterday),
      changeCell(figure, figure.lastWeek),
    ]),
  };
}

function marketsTable(markets: readonly DigestMarket[], { zone, day }: Pick<Digest, 'zone' | 'day'>): Block {
  const columns = [
    ...new Map(markets.flatMap(({ figures }) => figures.map(({ name, label }) => [name, label] as const))),
  ].slice(0, mostColumns);
  return {
    kind: 'table',
    head: ['Market', 'Delivered', ...columns.map(([, label]) => label)],
    rows: markets.map(({ market, date, deliveredAt, isNew, figures }): Cell[] => [
      { text: market },
      isNew && deliveredAt
        ? { text: local(deliveredAt, zone, day), tone: 'good' }
        : { text: date === null ? 'nothing yet' : dayText(date), tone: 'warning' },
      ...columns.map(([name]): Cell => {
        const figure = figures.find((one) => one.name === name);
        return { text: figure ? `${written(figure, figure.value)}${arrow(figure)}` : '–' };
      }),
    ]),
  };
}

/** How far a figure has moved: by percent, a share by points. */
function changeCell({ unit, value }: DigestFigure, before: number | null): Cell {
  if (before === null) return { text: '–' };
  if (value === before) return { text: '=' };
  const sign = value > before ? '+' : '−';
  const short = (change: number): string => decimals.format(Number(Math.abs(change).toPrecision(2)));
  if (unit === 'percent') return { text: `${sign}${short((value - before) * 100)} pt` };
  return { text: before === 0 ? `from ${written({ unit }, 0)}` : `${sign}${short((value / before - 1) * 100)} %` };
}

function arrow({ value, yesterday }: DigestFigure): string {
  if (yesterday === null || yesterday === value) return '';
  return value > yesterday ? ' ▲' : ' ▼';
}

function written({ unit }: Pick<DigestFigure, 'unit'>, value: number): string {
  if (unit === 'percent') return `${decimals.format(Number((value * 100).toPrecision(3)))} %`;
  return unit === 'number' ? decimals.format(value) : numbers.format(value);
}

/** `06:41`, or with its date when it is not of the day: `29 Jun 06:41`. */
function local(iso: string, zone: string, day: string): string {
  const wall = new Date(wallOf(zone, Date.parse(iso))).toISOString();
  const time = wall.slice(11, 16);
  return wall.startsWith(day) ? time : `${dayText(wall.slice(0, 10))} ${time}`;
}

/** `29 Jun`. */
function dayText(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
}
