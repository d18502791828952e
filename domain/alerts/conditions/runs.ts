import { PerennialError } from '../../../contracts/errors.ts';
import type { Duration } from '../../dag/definition.ts';
import { toMs } from '../../dag/duration.ts';
import { usualOf } from '../../deadlines/outlook.ts';
import { span } from '../../deadlines/words.ts';
import { type Found, runText, utc } from '../found.ts';
import type { Looks } from './look.ts';

/** Failures older than that are history. */
const failedDays = 7;
const dayMs = 86_400_000;
/** Runs that say how long it usually takes. */
const pastRuns = 30;

export const lookAtRuns: Pick<Looks, 'run-failed' | 'run-late' | 'run-lost' | 'run-stalled'> = {
  async 'run-failed'(_when, { facts, now }) {
    const failed = await facts.failedRuns(new Date(now.getTime() - failedDays * dayMs));
    return failed.map((run): Found => {
      const why = run.error?.message ?? 'No reason was recorded.';
      const remedy = run.error?.remedy ?? 'Read its error and its log.';
      return {
        subject: run.runId,
        pipeline: run.pipeline,
        market: run.market,
        since: run.at,
        what: `${runText(run)} failed${run.step ? ` at the step "${run.step}"` : ''}: ${why}`,
        one: 'a run failed',
        many: '{n} runs failed',
        firstStep: `${remedy} Then let the run go on from what failed.`,
        command: `perennial runs retry ${run.runId}`,
        traceparent: run.traceparent,
      };
    });
  },
  async 'run-late'({ factor = 2, atLeast = '15m' }, { facts, deadlines }) {
    const least = msOf(atLeast);
    const found: Found[] = [];
    for (const run of await facts.runsUnderWay()) {
      if (run.runningMs < least) continue;
      const own = usualOf(await deadlines.durations(run.pipeline, run.market, pastRuns));
      const usual = own ?? usualOf(await deadlines.durations(run.pipeline, null, pastRuns));
      if (!usual || run.runningMs < factor * usual.p90Ms) continue;
      found.push({
        subject: run.runId,
        pipeline: run.pipeline,
        market: run.market,
        since: run.startedAt,
        what: `${runText(run)} runs since ${utc(run.startedAt)}; it usually takes ${span(usual.p90Ms)} (p90 of ${usual.runs} runs).`,
        one: 'a run takes much longer than usual',
        many: '{n} runs take much longer than usual',
        firstStep: 'Look at which step it is at and whether that goes on.',
        command: `perennial runs show ${run.runId}`,
        traceparent: run.traceparent,
      });
    }
    return found;
  },
  async 'run-lost'({ after = '30s' }, { facts }) {
    const attempts = await facts.runningAttempts(msOf(after));
    return attempts.flatMap((attempt): Found[] => {
      if (attempt.lostSince === null) return [];
      const { step, item, worker, lostSince } = attempt;
      const role = worker.split('@')[0] ?? 'worker';
      return [
        {
          subject: `${attempt.runId}/${step}${item ? `[${item}]` : ''}`,
          pipeline: attempt.pipeline,
          market: attempt.market,
          since: lostSince,
          what: `${runText(attempt)} stands still: its step "${step}"${item ? ` (${item})` : ''} was on ${worker}, which has given no sign of life since ${utc(lostSince)}.`,
          one: 'a run stands still, it has lost its worker',
          many: 'runs stand still, {n} steps have lost their worker',
          firstStep: `Start the worker "${role}" again; the run then goes on by itself. See which workers are there.`,
          command: 'perennial workers',
          traceparent: attempt.traceparent,
        },
      ];
    });
  },
  async 'run-stalled'({ after = '10m' }, { facts }) {
    const least = msOf(after);
    return (await facts.runsUnderWay())
      .filter(({ isBusy, quietMs }) => !isBusy && quietMs >= least)
      .map(
        (run): Found => ({
          subject: run.runId,
          pipeline: run.pipeline,
          market: run.market,
          since: run.lastEventAt,
          what: `${runText(run)} is running, but nothing has happened to it since ${utc(run.lastEventAt)} and nobody works on it.`,
          one: 'a run makes no progress',
          many: '{n} runs make no progress',
          firstStep:
            'Check that a worker of each role is there: steps wait for theirs, and "control" carries the run on.',
          command: 'perennial workers',
          traceparent: run.traceparent,
        }),
      );
  },
};

/** Milliseconds of a duration in a checked definition; INTERNAL when it is none. */
export function msOf(duration: string): number {
  if (/^0+(\.0+)?[smhd]$/.test(duration)) return 0;
  const ms = toMs(duration as Duration);
  if (ms !== null) return ms;
  throw new PerennialError('INTERNAL', `"${duration}" is no duration.`, { remedy: 'Report this as a defect.' });
}
