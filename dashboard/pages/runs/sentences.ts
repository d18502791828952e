import type { ErrorInfo } from '../../../contracts/errors.ts';
import type { RunBrief, RunDetail, StepRecord, Waiting } from '../../../contracts/runs.ts';
import { links } from '../../app/links.ts';
import { plural } from '../../format/number.ts';
import { between, duration, relative } from '../../format/time.ts';
import { isEnded } from './timeline.ts';

/** What started a run, and where that is shown; null where it has no page. */
export function triggerOf({ trigger: { kind, by }, parentId }: Pick<RunBrief, 'trigger' | 'parentId'>): {
  readonly text: string;
  readonly href: string | null;
} {
  switch (kind) {
    case 'schedule':
      return { text: `schedule ${by}`, href: links.schedule(by) };
    case 'backfill':
      return { text: 'a backfill', href: links.backfill(by) };
    case 'rule': {
      const rule = by.split('/')[0] ?? by;
      return { text: `rule ${rule}`, href: links.rule(rule) };
    }
    case 'decision':
      return { text: 'a retraining decision', href: links.decision(by) };
    case 'rerun':
      return { text: `${by}, re-run`, href: parentId ? links.run(parentId) : null };
    case 'webhook':
      return { text: `webhook ${by}`, href: null };
    case 'cli':
      return { text: `${by || 'somebody'}, by command`, href: null };
    default:
      return { text: by || 'the API', href: null };
  }
}

/** What something waits for: `place 2 in the queue for offers (1 of 1 active)`. */
export function waitText({ place, limits }: Waiting): string {
  const full = limits.map(({ name, active, capacity }) => `${name} (${active} of ${capacity} active)`);
  return `place ${place} in the queue${full.length > 0 ? ` for ${full.join(' and ')}` : ''}`;
}

/** The step that a run failed at: the first of the plan that failed by itself. */
export function failedStep(run: RunDetail): StepRecord | undefined {
  const own = run.steps.filter(({ mapKey, status }) => mapKey === '' && status === 'failed');
  const order = run.plan.steps.map(({ id }) => id);
  return own.sort((a, b) => order.indexOf(a.stepId) - order.indexOf(b.stepId))[0];
}

/** What went wrong in a step: of a fan-out with one failed item, what went wrong there. */
export function errorOf(run: RunDetail, step: StepRecord): ErrorInfo | null {
  const items = run.steps.filter(({ stepId, mapKey, error }) => stepId === step.stepId && mapKey !== '' && error);
  return (items.length === 1 ? items[0]?.error : null) ?? step.error ?? run.error;
}

/** The state of a run in a sentence or two. @param now milliseconds since 1970. */
export function answerOf(run: RunDetail, now: number): string {
  const steps = run.steps.filter(({ mapKey }) => mapKey === '');
  const count = (status: string): number => steps.filter((step) => step.status === status).length;
  const took = run.startedAt ? duration(between(run.startedAt, run.finishedAt, now)) : '';
  const cached = steps.filter(({ cachedFrom }) => cachedFrom).length;
  switch (run.status) {
    case 'queued': {
      const own = run.waits.find(({ step }) => step === null);
      return `Queued for ${duration(between(run.createdAt, null, now))}${own ? `: ${waitText(own)}` : '; it waits for a worker'}.`;
    }
    case 'running': {
      const going = steps.filter(({ status }) => status === 'running').map(({ stepId }) => stepId);
      const ended = steps.filter(isEnded).length;
      const doing =
        going.length > 0 ? ` ${going.slice(0, 3).join(', ')} ${going.length === 1 ? 'is' : 'are'} under way.` : '';
      return `Running for ${took}: ${ended} of ${plural(steps.length, 'step')} are done.${doing}`;
    }
    case 'paused':
      return `Paused${run.pause ? ` by ${run.pause.by} ${relative(run.pause.at, now)}: ${run.pause.reason}` : ''}. No further step starts until it is resumed.`;
    case 'succeeded': {
      const skipped = count('skipped');
      const rest = [
        `${plural(count('succeeded'), 'step')} done`,
        skipped > 0 && `${skipped} skipped`,
        cached > 0 && `${cached} from the cache`,
      ];
      return `Succeeded in ${took}: ${rest.filter(Boolean).join(', ')}.`;
    }
    case 'failed': {
      const step = failedStep(run);
      const left = steps.length - count('succeeded') - count('failed');
      return `Failed${step ? ` in ${step.stepId}` : ''}${took ? ` after ${took}` : ''}; ${plural(count('succeeded'), 'step')} had succeeded, ${left} did not run.`;
    }
    case 'cancelled':
      return `Cancelled${took ? ` after ${took}` : ' before it began'}; ${plural(count('succeeded'), 'step')} had succeeded.`;
  }
}
