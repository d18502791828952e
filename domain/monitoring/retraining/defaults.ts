import type { JsonObject } from '../../../contracts/json.ts';
import type { FilledPolicy, PolicyDefinition } from '../../../contracts/policies.ts';

/** A definition with every default; the reasons of the defaults stand in docs/explanation/retraining.md. */
export function fillPolicy(given: PolicyDefinition): FilledPolicy {
  // In a fixed order, so that equal policies are equal text.
  return {
    id: given.id,
    ...(given.title === undefined ? {} : { title: given.title }),
    pipeline: given.pipeline,
    model: given.model,
    newData: { minAgeDays: given.newData?.minAgeDays ?? 7, share: given.newData?.share ?? 0.05 },
    maxAgeDays: given.maxAgeDays ?? null,
    kpis: (given.kpis ?? []).map((kpi) => ({
      name: kpi.name,
      market: kpi.market ?? '',
      bad: kpi.bad ?? 'low',
      sigmas: kpi.sigmas ?? 3,
      limit: kpi.limit ?? null,
      windows: kpi.windows ?? 2,
      minHistory: kpi.minHistory ?? 14,
    })),
    drift: given.drift === null ? null : { share: given.drift?.share ?? 0.5, windows: given.drift?.windows ?? 1 },
    data: {
      minVolumeShare: given.data?.minVolumeShare ?? 0.2,
      staleDays: given.data?.staleDays ?? 3,
      lagDays: given.data?.lagDays ?? 1,
    },
    coolDownHours: given.coolDownHours ?? 24,
    budgetHoursPerMonth: given.budgetHoursPerMonth === undefined ? 50 : given.budgetHoursPerMonth,
    escalation: {
      afterRejected: given.escalation?.afterRejected ?? 2,
      withinDays: given.escalation?.withinDays ?? 28,
    },
    training: {
      params: (given.training?.params ?? {}) as JsonObject,
      challenger: (given.training?.challenger ?? { promote: 'never' }) as JsonObject,
      priority: given.training?.priority ?? 3,
    },
    mode: given.mode ?? 'act',
    fourEyes: given.fourEyes ?? true,
  };
}
