import { isSameVariant, type ServingVariant, type TrafficRecord } from '../contracts/traffic.ts';
import { variantFor } from '../domain/serving/index.ts';

export interface ServedAnswer {
  readonly caller: string;
  /** What answered; null: nothing did. */
  readonly variant: ServingVariant | null;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** Within which a change of the traffic reaches every replica. */
const settledMs = 2000;

/**
 * Counts answers of variants that had no callers, and of other variants than the caller's.
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
  for (const { caller, variant, sentAt, answeredAt } of answers) {
    const answered = (route: ServingVariant): boolean => variant !== null && isSameVariant(route, variant);
    const possible = states.filter(({ from, to }) => from <= answeredAt && to >= sentAt - settledMs);
    if (!possible.some(({ routes }) => routes.some((route) => answered(route) && route.share > 0))) stale++;
    const settled = states.find(({ from, to }) => from + settledMs <= sentAt && answeredAt < to);
    if (settled && !answered(variantFor(settled, caller)) && !standsIn(settled, answered)) unsticky++;
  }
  return { stale, unsticky };
}

/** Whether the base answers for a candidate of a rollout, which it does where that one fails. */
function standsIn({ rollout, routes: [base] }: TrafficRecord, answered: (route: ServingVariant) => boolean): boolean {
  return rollout !== null && base !== undefined && answered(base);
}
