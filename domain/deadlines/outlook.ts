import type { DeadlineRun } from '../ports/deadlines.ts';
import type { DueDay } from './days.ts';
import { type Clock, lateness, span } from './words.ts';

/** How long runs usually take. */
export interface Usual {
  /** 90 % of the runs took no longer. */
  readonly p90Ms: number;
  readonly runs: number;
}

/** Fewer past runs say nothing. */
const fewestRuns = 3;

/** The 90th percentile by nearest rank; null when there are too few durations. */
export function usualOf(durations: readonly number[]): Usual | null {
  if (durations.length < fewestRuns) return null;
  const sorted = [...durations].sort((a, b) => a - b);
  return { p90Ms: sorted[Math.ceil(sorted.length * 0.9) - 1] ?? 0, runs: sorted.length };
}

/** What is known about the work of a day that is not done. Times are milliseconds since 1970. */
export interface Situation {
  readonly now: number;
  readonly due: DueDay;
  /** The run that is under way or waits. */
  readonly active: DeadlineRun | null;
  /** The newest that failed or was cancelled. */
  readonly ended: DeadlineRun | null;
  readonly usual: Usual | null;
  /** The next start by a schedule; asked for only while no run is active. */
  readonly next: { readonly at: number; readonly schedule: string } | null;
}

export interface Outlook {
  /** When the work will probably end; null when nobody can say, or nothing has begun and there is time left. */
  readonly expectedAt: number | null;
  readonly runId: string | null;
  /** Sentences. */
  readonly reason: string;
}

/** When the work of a day will probably be done, and why that is thought. */
export function outlook({ now, due, active, ended, usual, next }: Situation, clock: Clock): Outlook {
  const runId = active?.id ?? ended?.id ?? null;
  const isOver = now >= due.dueAt;
  const usually = usual ? `usually takes ${span(usual.p90Ms)} (p90 of ${usual.runs} runs)` : '';
  const late = (at: number): string => lateness(at - due.dueAt);
  if (active) {
    const { startedAt, pausedAt } = active;
    const isPaused = active.status === 'paused';
    const since = startedAt === null ? `waits since ${clock(active.createdAt)}` : `began at ${clock(startedAt)}`;
    const run = `The run ${since}${isPaused ? `, is paused${pausedAt === null ? '' : ` since ${clock(pausedAt)}`}` : ''}`;
    if (!usual) return { expectedAt: null, runId, reason: `${run}; ${unknown}` };
    const planned = (startedAt ?? now) + usual.p90Ms;
    const expectedAt = Math.max(now, planned);
    if (startedAt === null)
      return {
        expectedAt,
        runId,
        reason: `${run} and ${usually}: begun now, it would end at ${clock(expectedAt)}, ${late(expectedAt)}.`,
      };
    if (isPaused) {
      // What it did until then is done.
      const resumed = now + Math.max(0, planned - (pausedAt ?? now));
      const reason = `${run} and ${usually}: resumed now, it would end at ${clock(resumed)}, ${late(resumed)}.`;
      return { expectedAt: resumed, runId, reason };
    }
    if (planned < now) {
      const reason = `${run} and ${usually}: it is ${span(now - planned)} over that and still under way.`;
      return { expectedAt, runId, reason };
    }
    const reason = `${run} and ${usually}: it will end at ${clock(expectedAt)}, ${late(expectedAt)}.`;
    return { expectedAt, runId, reason };
  }
  const before = ended?.finishedAt
    ? `The last run ${ended.status === 'failed' ? 'failed' : 'was cancelled'} at ${clock(ended.finishedAt)}`
    : 'No run has begun';
  if (isOver) return { expectedAt: null, runId, reason: `${before}.` };
  if (!usual) return { expectedAt: null, runId, reason: `${before}; ${unknown}` };
  if (next) {
    const expectedAt = next.at + usual.p90Ms;
    const begins = `${before}; the schedule "${next.schedule}" begins one at ${clock(next.at)}, and it ${usually}`;
    return { expectedAt, runId, reason: `${begins}: it will end at ${clock(expectedAt)}, ${late(expectedAt)}.` };
  }
  const expectedAt = now + usual.p90Ms;
  if (expectedAt <= due.dueAt) {
    const latest = clock(due.dueAt - usual.p90Ms);
    return { expectedAt: null, runId, reason: `${before}; one ${usually}, so it must begin by ${latest}.` };
  }
  const reason = `${before}; one ${usually}: begun now, it would end at ${clock(expectedAt)}, ${late(expectedAt)}.`;
  return { expectedAt, runId, reason };
}

const unknown = `how long it takes is not known before ${fewestRuns} runs have succeeded.`;
