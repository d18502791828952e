import type { Gate, RolloutPlan } from '../../../contracts/rollouts.ts';

/** Units in which people give the numbers of a plan: percent, minutes, hours. */
const minute = 60;
const hour = 3600;

/** A number as it is typed; kept as text until it is sent. */
export interface StepForm {
  /** Percent of the callers; 0: shadow. */
  readonly share: string;
  readonly minMinutes: string;
  readonly maxHours: string;
}

export interface GateForm {
  readonly name: string;
  readonly tolerated: string;
  readonly harmful: string;
  readonly isOn: boolean;
}

export interface PlanForm {
  readonly steps: readonly StepForm[];
  readonly gates: readonly GateForm[];
  readonly onInconclusive: RolloutPlan['onInconclusive'];
}

/** A number without the noise of floating point. */
const tidy = (value: number): string => String(Number(value.toPrecision(10)));

/** A plan as a form shows it. */
export const formOf = ({ steps, gates, onInconclusive }: RolloutPlan): PlanForm => ({
  steps: steps.map(({ share, minSeconds, maxSeconds }) => ({
    share: tidy(share * 100),
    minMinutes: tidy(minSeconds / minute),
    maxHours: tidy(maxSeconds / hour),
  })),
  gates: gates.map(({ name, tolerated, harmful }) => ({
    name,
    tolerated: tidy(tolerated),
    harmful: tidy(harmful),
    isOn: true,
  })),
  onInconclusive,
});

/** The plan of a form; what cannot be edited is as in the default plan. What is no number is left for the API to refuse. */
export function planOf(
  form: PlanForm,
  defaults: RolloutPlan,
): Omit<RolloutPlan, 'falseAlarms' | 'misses' | 'comparedPerSecond'> {
  return {
    steps: form.steps.map(({ share, minMinutes, maxHours }) => ({
      share: Number(tidy(Number(share) / 100)),
      minSeconds: Math.round(Number(minMinutes) * minute),
      maxSeconds: Math.round(Number(maxHours) * hour),
    })),
    gates: form.gates.flatMap(({ name, tolerated, harmful, isOn }) => {
      const gate = defaults.gates.find((one) => one.name === name) as Gate;
      return isOn ? [{ ...gate, tolerated: Number(tolerated), harmful: Number(harmful) }] : [];
    }),
    onInconclusive: form.onInconclusive,
  };
}

/** A plan in a line: `shadow → 5 % → 100 %`. */
export const planWords = (steps: readonly StepForm[]): string =>
  steps.map(({ share }) => (Number(share) === 0 ? 'shadow' : `${share} %`)).join(' → ');
