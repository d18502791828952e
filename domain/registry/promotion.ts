import type { PromotionMode } from '../../contracts/promotion.ts';

/** Mean and 95 % bounds of a paired difference, ours minus the champion's. */
export interface Difference {
  readonly mean: number;
  readonly lower95: number;
  readonly upper95: number;
}

/** What is to become of a version that has been published. */
export interface Verdict {
  /** Whether it becomes champion at once. */
  readonly promote: boolean;
  /** Whether it is brought in by a rollout; never beside `promote`. Default: no. */
  readonly rollout?: boolean;
  readonly reason: string;
}

/**
 * Whether a new version takes over: never when it may not promote itself; else when there is no champion to compare with, when
 * the champion cannot be used, or when the lower bound of its paired bootstrap interval against the champion is above 0: this one by a
 * rollout where the mode says so. The reason names the numbers.
 */
export function promotion({
  difference,
  championUsable,
  metric,
  mode = 'auto',
}: {
  difference: Difference | null;
  championUsable: boolean;
  metric: string;
  /** How it may take over. */
  mode?: PromotionMode;
}): Verdict {
  if (mode === 'never') return { promote: false, reason: heldReason(difference, metric) };
  if (!difference) return { promote: true, reason: 'there was no champion to compare with' };
  const numbers = numbersOf(difference, metric);
  if (!championUsable)
    return { promote: true, reason: `the champion has seen later data and cannot be used here; ${numbers}` };
  if (!(difference.lower95 > 0)) return { promote: false, reason: `not better beyond chance: ${numbers}` };
  const reason = `better beyond chance: ${numbers}`;
  return mode === 'rollout' ? { promote: false, rollout: true, reason } : { promote: true, reason };
}

/** Why a version that its run may not promote stays a challenger. */
export const heldBack = 'its run may not promote (promote = never)';

function heldReason(difference: Difference | null, metric: string): string {
  return difference ? `${heldBack}; ${numbersOf(difference, metric)}` : heldBack;
}

function numbersOf({ mean, lower95, upper95 }: Difference, metric: string): string {
  return `${metric} ${signed(mean)} against the champion (95 % between ${signed(lower95)} and ${signed(upper95)})`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
