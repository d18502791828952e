/** Mean and 95 % bounds of a paired difference, ours minus the champion's. */
export interface Difference {
  readonly mean: number;
  readonly lower95: number;
  readonly upper95: number;
}

/**
 * Whether a new version takes over: when there is no champion to compare with, when the champion cannot be used, or when
 * the lower bound of its paired bootstrap interval against the champion is above 0. The reason names the numbers.
 */
export function promotion({
  difference,
  championUsable,
  metric,
}: {
  difference: Difference | null;
  championUsable: boolean;
  metric: string;
}): { promote: boolean; reason: string } {
  if (!difference) return { promote: true, reason: 'there was no champion to compare with' };
  const numbers = `${metric} ${signed(difference.mean)} against the champion (95 % between ${signed(difference.lower95)} and ${signed(difference.upper95)})`;
  if (!championUsable)
    return { promote: true, reason: `the champion has seen later data and cannot be used here; ${numbers}` };
  if (difference.lower95 > 0) return { promote: true, reason: `better beyond chance: ${numbers}` };
  return { promote: false, reason: `not better beyond chance: ${numbers}` };
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
