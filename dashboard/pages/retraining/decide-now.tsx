import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import type { DecisionReason, DecisionVerdict } from '../../../contracts/decisions.ts';
import type { PolicyRecord } from '../../../contracts/policies.ts';
import { links } from '../../app/links.ts';
import { useMay } from '../../app/session.ts';
import { post } from '../../http/client.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Select } from '../../ui/field.tsx';
import { Row } from '../../ui/layout.tsx';
import { Loaded } from '../../ui/page.tsx';
import { Failure } from '../../ui/states.tsx';
import { useAction } from '../../ui/use-action.ts';
import { usePolicy } from './queries.ts';
import styles from './retraining.module.css';
import { Verdict } from './verdict.tsx';

interface Evaluation {
  readonly model: string;
  readonly verdict: DecisionVerdict;
  readonly summary: string;
  readonly reasons: readonly DecisionReason[];
}

/** Lets a policy decide now, after showing what it would say. */
export function DecideNow({ policies }: { readonly policies: readonly PolicyRecord[] }): ReactElement {
  const [open, setOpen] = useState(false);
  const may = useMay('operator');
  return (
    <>
      <Button
        kind="primary"
        disabled={!may || policies.length === 0}
        title={may ? undefined : 'Needs the role operator'}
        onClick={() => setOpen(true)}
      >
        Decide now
      </Button>
      <Dialog title="Decide now" open={open} onClose={() => setOpen(false)}>
        <Ask policies={policies} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function Ask({
  policies,
  onDone,
}: {
  readonly policies: readonly PolicyRecord[];
  readonly onDone: () => void;
}): ReactElement {
  const router = useRouter();
  const [id, setId] = useState(policies[0]?.id ?? '');
  const [chosen, setChosen] = useState('');
  const policy = usePolicy(id);
  const evaluations = useQuery({
    queryKey: ['decisions', 'evaluate', id, chosen],
    queryFn: async () =>
      (
        await post<{ evaluations: readonly Evaluation[] }>(
          `/v1/policies/${encodeURIComponent(id)}/evaluate`,
          chosen === '' ? {} : { model: chosen },
        )
      ).evaluations,
  });
  const decide = useAction(
    async () => {
      const { decisions } = await post<{ decisions: readonly string[] }>('/v1/decisions', {
        policy: id,
        ...(chosen === '' ? {} : { model: chosen }),
      });
      onDone();
      const [only] = decisions;
      if (only && decisions.length === 1) router.history.push(links.decision(only));
    },
    { topics: ['decisions'], done: 'The policy decides; what it says comes within seconds.' },
  );
  const acts = policies.find((one) => one.id === id)?.definition.mode === 'act';
  return (
    <div className={styles.form}>
      <Row>
        <Select
          label="Policy"
          value={id}
          onChange={(next) => {
            setId(next);
            setChosen('');
          }}
          choices={policies.map((one) => ({ value: one.id, label: one.id }))}
        />
        <Select
          label="Model"
          value={chosen}
          onChange={setChosen}
          choices={[
            { value: '', label: 'All of its models' },
            ...(policy.data?.models ?? []).map((one) => ({ value: one, label: one })),
          ]}
        />
      </Row>
      <Loaded query={evaluations} lines={3}>
        {(found) =>
          found.length === 0 ? (
            <p className="muted">It has no model with a champion to decide about.</p>
          ) : (
            <ul className={styles.reasons}>
              {found.map(({ model, verdict, summary }) => (
                <li key={model}>
                  <Verdict verdict={verdict} /> <span>{`${model}: ${summary}`}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <p className="muted">
        {acts
          ? 'That is what it would say now. The decision is kept and carried out: a training it asks for begins at once.'
          : 'That is what it would say now. The policy only observes: the decision is kept, and nothing is trained.'}
      </p>
      {decide.error ? <Failure error={decide.error} /> : null}
      <Row>
        <Button kind="primary" busy={decide.isPending} onClick={() => decide.mutate()}>
          Let it decide
        </Button>
        <Button onClick={onDone}>Back</Button>
      </Row>
    </div>
  );
}
