import type { AlertFinding, AlertSeverity } from '../../contracts/alerts.ts';
import type { RunFact } from '../ports/alert-facts.ts';

/** Names of a list that are told; of more, how many. */
const mostNames = 5;

/** What a condition found, with what an alert made of it says. */
export interface Found extends AlertFinding {
  readonly pipeline: string | null;
  /** '' for all markets. */
  readonly market: string | null;
  /** What divides findings where the subject does; default: the subject. */
  readonly group?: string;
  /** Where it differs from the definition's. */
  readonly severity?: AlertSeverity;
  /** What is found, for a title: `a run failed`; `{n} runs failed` when it is several. */
  readonly one: string;
  readonly many: string;
  readonly affects?: readonly string[];
  readonly firstStep: string;
  readonly command: string | null;
  /** Where the trace of what is found goes on. */
  readonly traceparent?: string | undefined;
}

/** `2026-06-30 07:12:05 UTC`. */
export function utc(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/** A value with four digits: enough to see what is meant. */
export function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** The first five, and how many more. */
export function listed(names: readonly string[]): string {
  const more = names.length - mostNames;
  return `${names.slice(0, mostNames).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** `Run 12ab of offers for France (2026-06-30)`. */
export function runText({ runId, pipeline, market, date }: RunFact): string {
  return `Run ${runId} of ${pipeline}${market ? ` for ${market}` : ''}${date ? ` (${date})` : ''}`;
}
