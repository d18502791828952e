import { useRouter } from '@tanstack/react-router';
import { Rocket } from 'lucide-react';
import { type ReactElement, useState } from 'react';
import { inconclusiveActions, type RolloutDefaults, type RolloutRecord } from '../../../contracts/rollouts.ts';
import { links } from '../../app/links.ts';
import { ApiError, post } from '../../http/client.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { Row } from '../../ui/layout.tsx';
import { Loaded } from '../../ui/page.tsx';
import { Failure } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { useAction } from '../../ui/use-action.ts';
import styles from './models.module.css';
import { useMayMove } from './move-alias.tsx';
import { formOf, type PlanForm, planOf, planWords } from './plan.ts';
import { Gates, Steps } from './plan-fields.tsx';
import { useModels, useRolloutDefaults } from './queries.ts';

export interface DeployProps {
  readonly model: string;
  /** Default: the champion, by another configuration. */
  readonly version?: number;
  /** Default: the one in force. */
  readonly configuration?: number;
  readonly small?: boolean;
}

/** Begins a rollout, once steps and gates have been looked at. */
export function Deploy({ model, version, configuration, small = false }: DeployProps): ReactElement {
  const [open, setOpen] = useState(false);
  const list = useModels(model);
  const refused = useMayMove(list.data, 'champion');
  const what = version === undefined ? `configuration ${configuration}` : `version ${version}`;
  return (
    <>
      <Button
        icon={Rocket}
        small={small}
        disabled={refused !== null}
        title={refused ?? undefined}
        onClick={() => setOpen(true)}
      >
        Roll out{small ? '' : ` version ${version}`}
      </Button>
      <Dialog title={`Roll out ${what} of ${model}`} open={open} onClose={() => setOpen(false)} side>
        <DeployForm model={model} {...{ version, configuration }} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

interface FormProps {
  readonly model: string;
  readonly version: number | undefined;
  readonly configuration: number | undefined;
  readonly onDone: () => void;
}

function DeployForm(props: FormProps): ReactElement {
  const defaults = useRolloutDefaults(props.model);
  return <Loaded query={defaults}>{(known) => <Planned {...props} defaults={known} />}</Loaded>;
}

const inconclusive: Readonly<Record<(typeof inconclusiveActions)[number], string>> = {
  pause: 'wait for people',
  'roll-back': 'take it back',
  'go-on': 'go on',
};

function Planned({
  model,
  version,
  configuration,
  onDone,
  defaults,
}: FormProps & { readonly defaults: RolloutDefaults }): ReactElement {
  const router = useRouter();
  const [form, setForm] = useState<PlanForm>(formOf(defaults.plan));
  const [market, setMarket] = useState('');
  const [reason, setReason] = useState('');
  const start = useAction(
    async () => {
      const started = await post<RolloutRecord | { rollouts: readonly RolloutRecord[] }>('/v1/rollouts', {
        ...{ model, version, configuration, reason: reason.trim(), plan: planOf(form, defaults.plan) },
        ...(market === '' ? {} : { market }),
      });
      onDone();
      if ('rollouts' in started) {
        toast(`${started.rollouts.length} rollouts begin, one in each market.`);
        router.history.push(`${links.models}?tab=rollouts&model=${encodeURIComponent(model)}`);
      } else router.history.push(links.rollout(started.id));
    },
    { topics: ['rollouts'] },
  );
  const { error } = start;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        start.mutate();
      }}
    >
      <p className="muted">
        {defaults.makesLists
          ? 'Its lists are made beside those in use, unseen; once its gates have ruled harm out it makes the lists.'
          : `It goes ${planWords(form.steps)} of the callers; a gate that is harmed takes it back by itself.`}
      </p>
      {defaults.makesLists ? (
        <Select
          label="Market"
          value={market}
          onChange={setMarket}
          choices={[
            { value: '', label: `All ${defaults.markets.length} markets, a rollout each` },
            ...defaults.markets.map((one) => ({ value: one, label: one })),
          ]}
        />
      ) : null}
      <Steps form={form} onChange={setForm} />
      <Gates form={form} defaults={defaults} onChange={setForm} />
      <Select
        label="When a step has not decided in its time"
        value={form.onInconclusive}
        onChange={(next) => setForm({ ...form, onInconclusive: next as PlanForm['onInconclusive'] })}
        choices={inconclusiveActions.map((value) => ({ value, label: inconclusive[value] }))}
      />
      <Field
        label="Reason"
        fault={
          error instanceof ApiError ? error.fields.find(({ field }) => field.endsWith('reason'))?.message : undefined
        }
      >
        <textarea rows={2} value={reason} onChange={(event) => setReason(event.target.value)} />
      </Field>
      {error ? <Failure error={error} /> : null}
      <Row>
        <Button kind="primary" type="submit" busy={start.isPending} disabled={reason.trim() === ''}>
          Begin the rollout
        </Button>
        <Button onClick={() => setForm(formOf(defaults.plan))}>Defaults</Button>
      </Row>
    </form>
  );
}
