import type { TrafficRecord } from '../contracts/traffic.ts';
import { variantFor } from '../domain/serving/index.ts';

export interface ServedAnswer {
  readonly caller: string;
  readonly version: number | null;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** Within which a change of the traffic reaches every replica. */
const settledMs = 2000;

/**
 * Counts answers of versions that had no callers, and of other versions than the caller's.
 *
 * @param traffic all states, oldest first.
 */
export function judgeAnswers(
  answers: readonly ServedAnswer[],
  traffic: readonly TrafficRecord[],
): { readonly stale: number; readonly unsticky: number } {
  const states = traffic.map((state, i) => ({
    ...state,
    from: Date.parse(state.at),
    to: i + 1 < traffic.length ? Date.parse((traffic[i + 1] as TrafficRecord).at) : Number.POSITIVE_INFINITY,
  }));
  let [stale, unsticky] = [0, 0];
  for (const { caller, version, sentAt, answeredAt } of answers) {
    const possible = states.filter(({ from, to }) => from <= answeredAt && to >= sentAt - settledMs);
    if (!possible.some(({ routes }) => routes.some((route) => route.version === version && route.share > 0))) stale++;
    const settled = states.find(({ from, to }) => from + settledMs <= sentAt && answeredAt < to);
    if (settled && variantFor(settled, caller).version !== version && !standsIn(settled, version)) unsticky++;
  }
  return { stale, unsticky };
}

/** Whether the base answers for a candidate of a rollout, which it does where that one fails. */
function standsIn({ rollout, routes }: TrafficRecord, version: number | null): boolean {
  return rollout !== null && routes[0]?.version === version;
}
