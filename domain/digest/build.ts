import type { DeadlineDay, DeadlineRecord } from '../../contracts/deadlines.ts';
import type { Digest, DigestMarket, DigestPipeline } from '../../contracts/digest.ts';
import type { ChannelSettings } from '../../contracts/notifications.ts';
import type { Kpi } from '../../contracts/offers.ts';
import { fits, severityRank } from '../alerts/match.ts';
import type { AnyPipeline } from '../dag/definition.ts';
import { localClock } from '../deadlines/words.ts';
import type { AlertRepository } from '../ports/alerts.ts';
import type { DeadlineRepository } from '../ports/deadlines.ts';
import type { DigestFacts } from '../ports/digest-facts.ts';
import type { DecisionRepository, KpiRepository } from '../ports/results.ts';
import { figuresOf } from './figures.ts';

/** Key figures that are read of a pipeline: of the newest days first. */
const mostKpis = 20_000;
const mostDecisions = 20;

export interface DigestDeps {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly digestFacts: DigestFacts;
  readonly kpis: Pick<KpiRepository, 'list'>;
  readonly decisions: Pick<DecisionRepository, 'list'>;
  readonly deadlines: Pick<DeadlineRepository, 'list' | 'recentDays'>;
  readonly alerts: Pick<AlertRepository, 'open'>;
}

/** The key results since `from`, of the pipelines and markets that a channel is told about. */
export async function buildDigest(
  deps: DigestDeps,
  { pipelines: wanted, markets }: Pick<ChannelSettings, 'pipelines' | 'markets'>,
  { day, zone, from, now }: { readonly day: string; readonly zone: string; readonly from: Date; readonly now: Date },
): Promise<Digest> {
  const isWanted = (market: string): boolean => market === '' || fits(markets, market);
  const [ended, open, promised, days] = await Promise.all([
    deps.digestFacts.endedRuns(from),
    deps.alerts.open(),
    deps.deadlines.list(),
    deps.deadlines.recentDays(from),
  ]);
  const deadlines = new Map(promised.map((deadline) => [deadline.id, deadline]));
  const told: DigestPipeline[] = [];
  for (const pipeline of deps.pipelines.values()) {
    if (!fits(wanted, pipeline.id)) continue;
    const found = await pipelineDigest(deps, pipeline, { isWanted, zone, from, deadlines, days });
    const counts = ended.get(pipeline.id) ?? { succeeded: 0, failed: 0 };
    // A pipeline that nobody uses has nothing to tell.
    const isUsed = found.markets.length > 0 || found.deadlines.length > 0 || counts.succeeded + counts.failed > 0;
    if (isUsed) told.push({ ...found, ...counts });
  }
  const attention = open
    .map(({ alert }) => alert)
    .filter(({ pipeline, market }) => (pipeline === null || fits(wanted, pipeline)) && isWanted(market ?? ''))
    .sort((a, b) => severityRank(b.severity) - severityRank(a.severity) || (a.since < b.since ? -1 : 1))
    .map(({ severity, text, since, acknowledgedBy }) => ({
      severity,
      title: text.title,
      since,
      affects: text.affects,
      acknowledgedBy,
    }));
  return { day, zone, from: from.toISOString(), at: now.toISOString(), pipelines: told, attention };
}

/** What the digest of every pipeline is made with. */
interface Scope {
  readonly isWanted: (market: string) => boolean;
  readonly zone: string;
  readonly from: Date;
  /** All, by id. */
  readonly deadlines: ReadonlyMap<string, DeadlineRecord>;
  readonly days: readonly DeadlineDay[];
}

async function pipelineDigest(
  { kpis, decisions, digestFacts }: DigestDeps,
  pipeline: AnyPipeline,
  { isWanted, zone, from, deadlines, days }: Scope,
): Promise<Omit<DigestPipeline, 'succeeded' | 'failed'>> {
  const { id, title } = pipeline;
  const [figures, made] = await Promise.all([
    kpis.list({ pipeline: id, limit: mostKpis }),
    decisions.list({ pipeline: id, limit: mostDecisions }),
  ]);
  const byMarket = new Map<string, Kpi[]>();
  for (const kpi of figures) {
    const own = byMarket.get(kpi.market);
    if (own) own.push(kpi);
    else if (isWanted(kpi.market)) byMarket.set(kpi.market, [kpi]);
  }
  const ends = await digestFacts.endsOf([
    ...new Set([...byMarket.values()].flatMap(([newest]) => newest?.runId ?? [])),
  ]);
  const markets = [...byMarket].map(([market, own]): DigestMarket => {
    // The newest comes first.
    const newest = own[0];
    const date = newest?.date ?? null;
    const deliveredAt = (newest && ends.get(newest.runId)) ?? null;
    return {
      market,
      date,
      deliveredAt,
      isNew: deliveredAt !== null && deliveredAt > from.toISOString(),
      figures: date === null ? [] : figuresOf(pipeline, own, date),
    };
  });
  return {
    id,
    title,
    markets: markets.sort((a, b) => (a.market < b.market ? -1 : 1)),
    deadlines: days.flatMap((day) => {
      const deadline = deadlines.get(day.deadline);
      if (deadline?.pipeline !== id) return [];
      const { key } = deadline.definition;
      if (day.status === 'open' || Date.parse(day.dueAt) < from.getTime() || !isWanted(key ?? '')) return [];
      const due = `${key ?? title} by ${localClock(zone, day.day)(Date.parse(day.dueAt))}`;
      const isGood = day.status === 'met' && !day.lateSeconds;
      const state =
        day.status === 'met'
          ? isGood
            ? 'done in time'
            : 'done late'
          : day.status === 'missed'
            ? 'missed'
            : 'will probably be late';
      return [{ text: `${due}: ${state}. ${day.reason}`, isGood }];
    }),
    decisions: made.decisions.filter(({ at }) => at > from.toISOString()).map(({ summary }) => summary),
  };
}
