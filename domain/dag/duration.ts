import type { Duration } from './definition.ts';

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration, or null when it is not one or not above 0. */
export function toMs(duration: Duration): number | null {
  if (typeof duration === 'number') return Number.isFinite(duration) && duration > 0 ? Math.round(duration) : null;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(duration);
  const ms = match ? Number(match[1]) * (unitMs[match[2] ?? ''] ?? 0) : 0;
  return ms > 0 ? Math.round(ms) : null;
}
