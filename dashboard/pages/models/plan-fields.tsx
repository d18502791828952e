import { Plus, X } from 'lucide-react';
import type { ReactElement } from 'react';
import type { RolloutDefaults } from '../../../contracts/rollouts.ts';
import { Button } from '../../ui/button.tsx';
import styles from './models.module.css';
import type { GateForm, PlanForm, StepForm } from './plan.ts';

interface PartProps {
  readonly form: PlanForm;
  readonly onChange: (form: PlanForm) => void;
}

const stepFields = [
  ['share', 'Of the callers, %'],
  ['minMinutes', 'At least, min'],
  ['maxHours', 'At most, h'],
] as const satisfies readonly (readonly [keyof StepForm, string])[];

/** The steps of a plan as rows, to be changed, added and removed. */
export function Steps({ form, onChange }: PartProps): ReactElement {
  const set = (steps: readonly StepForm[]): void => onChange({ ...form, steps });
  return (
    <fieldset className={styles.fieldset}>
      <legend>Steps</legend>
      <div className={styles.sideways}>
        <table className={styles.grid}>
          <thead>
            <tr>
              <th scope="col">Step</th>
              {stepFields.map(([name, title]) => (
                <th key={name} scope="col">
                  {title}
                </th>
              ))}
              <th scope="col">
                <span className="hidden">Remove</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {form.steps.map((step, n) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: steps are known by their place
              <tr key={n}>
                <td>{Number(step.share) === 0 ? 'shadow' : n + 1}</td>
                {stepFields.map(([name, title]) => (
                  <td key={name}>
                    <input
                      inputMode="decimal"
                      aria-label={`Step ${n + 1}: ${title}`}
                      value={step[name]}
                      onChange={(event) =>
                        set(form.steps.map((one, i) => (i === n ? { ...one, [name]: event.target.value } : one)))
                      }
                    />
                  </td>
                ))}
                <td>
                  <Button
                    kind="quiet"
                    small
                    icon={X}
                    aria-label={`Remove step ${n + 1}`}
                    disabled={form.steps.length === 1}
                    onClick={() => set(form.steps.filter((_, i) => i !== n))}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div>
        <Button
          small
          icon={Plus}
          onClick={() => set([...form.steps, form.steps.at(-1) ?? { share: '100', minMinutes: '5', maxHours: '4' }])}
        >
          Add a step
        </Button>
      </div>
    </fieldset>
  );
}

const units = { errors: 'share of requests', latency: 'times the time', score: 'points', level: 'points' } as const;

/** The gates of a plan with their bounds, to be changed and left out. */
export function Gates({ form, defaults, onChange }: PartProps & { readonly defaults: RolloutDefaults }): ReactElement {
  const set = (name: string, change: Partial<GateForm>): void =>
    onChange({ ...form, gates: form.gates.map((gate) => (gate.name === name ? { ...gate, ...change } : gate)) });
  return (
    <fieldset className={styles.fieldset}>
      <legend>Gates</legend>
      <div className={styles.sideways}>
        <table className={styles.grid}>
          <thead>
            <tr>
              <th scope="col">Gate</th>
              <th scope="col">Tolerated</th>
              <th scope="col">Harmful</th>
              <th scope="col">Unit</th>
            </tr>
          </thead>
          <tbody>
            {form.gates.map((gate) => (
              <tr key={gate.name}>
                <td>
                  <label>
                    <input
                      type="checkbox"
                      checked={gate.isOn}
                      onChange={(event) => set(gate.name, { isOn: event.target.checked })}
                    />{' '}
                    {gate.name}
                  </label>
                </td>
                {(['tolerated', 'harmful'] as const).map((bound) => (
                  <td key={bound}>
                    <input
                      inputMode="decimal"
                      aria-label={`${gate.name}: ${bound}`}
                      value={gate[bound]}
                      readOnly={!gate.isOn}
                      onChange={(event) => set(gate.name, { [bound]: event.target.value })}
                    />
                  </td>
                ))}
                <td className="muted">
                  {units[defaults.plan.gates.find(({ name }) => name === gate.name)?.kind ?? 'score']}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </fieldset>
  );
}
