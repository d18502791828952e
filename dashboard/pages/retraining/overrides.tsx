import { type ReactElement, useState } from 'react';
import type { DecisionOverride, DecisionShown } from '../../../contracts/decisions.ts';
import { useMay, useSession } from '../../app/session.ts';
import { post } from '../../http/client.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm, Dialog } from '../../ui/dialog.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { Row } from '../../ui/layout.tsx';
import { Section } from '../../ui/page.tsx';
import { Failure } from '../../ui/states.tsx';
import { Mark, type Tone } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { useAction } from '../../ui/use-action.ts';
import styles from './retraining.module.css';
import { verdictWords } from './words.ts';

const looks: Readonly<Record<DecisionOverride['status'], readonly [Tone, string]>> = {
  pending: ['late', 'Waits for approval'],
  approved: ['ok', 'Approved'],
  declined: ['skipped', 'Declined'],
};

const pathOf = (id: string): string => `/v1/decisions/${encodeURIComponent(id)}/overrides`;

/** What a verdict leads to once it counts. */
export const consequences: Readonly<Record<DecisionOverride['verdict'], string>> = {
  retrain: 'A training begins at once; what it makes is brought in as the pipeline brings in better versions.',
  challenger: 'A training begins at once; what it makes never takes over by itself.',
  keep: 'Nothing is trained for this decision; a training that is under way goes on.',
};

/** Whether the policy wanted somebody else to approve overrides when it decided. */
const wantsFourEyes = ({ policy }: DecisionShown): boolean =>
  (policy.thresholds as { readonly fourEyes?: boolean } | null)?.fourEyes ?? true;

/** Verdicts of people in the place of the decision's: asking for one, and approving or declining what others ask for. */
export function Overrides({ decision }: { readonly decision: DecisionShown }): ReactElement | null {
  const { overrides } = decision;
  if (overrides.length === 0) return null;
  return (
    <Section title="What people said">
      <ul className={styles.overrides}>
        {overrides.toReversed().map((override) => (
          <Asked key={override.id} decision={decision} override={override} />
        ))}
      </ul>
    </Section>
  );
}

function Asked({
  decision,
  override,
}: {
  readonly decision: DecisionShown;
  readonly override: DecisionOverride;
}): ReactElement {
  const { id, verdict, reason, status, requestedBy, requestedAt, decidedBy, decidedAt, note } = override;
  const [tone, word] = looks[status];
  return (
    <li>
      <div>
        <Mark tone={tone} word={word} />
        <p>
          {requestedBy} asked for “{verdictWords[verdict].toLowerCase()}” <Time at={requestedAt} />: {reason}
        </p>
        {decidedBy ? (
          <p className="muted">
            {status} by {decidedBy} <Time at={decidedAt} />
            {note ? `: ${note}` : ''}
          </p>
        ) : null}
      </div>
      {status === 'pending' ? (
        <Row>
          <Answer decision={decision} override={override} action="approve" key={`approve ${id}`} />
          <Answer decision={decision} override={override} action="decline" key={`decline ${id}`} />
        </Row>
      ) : null}
    </li>
  );
}

function Answer({
  decision,
  override,
  action,
}: {
  readonly decision: DecisionShown;
  readonly override: DecisionOverride;
  readonly action: 'approve' | 'decline';
}): ReactElement {
  const { data: session } = useSession();
  const may = useMay('operator');
  const isOwn = wantsFourEyes(decision) && session?.name === override.requestedBy;
  const why = !may
    ? 'Needs the role operator'
    : isOwn && action === 'approve'
      ? 'You asked for it: somebody else has to approve it'
      : undefined;
  const verdict = verdictWords[override.verdict].toLowerCase();
  const answer = useAction(
    (note: string) => post(`${pathOf(decision.id)}/${override.id}/${action}`, note === '' ? {} : { note }),
    { topics: ['decisions'], done: action === 'approve' ? `Approved: ${verdict}.` : 'Declined.' },
  );
  return (
    <Confirm
      title={action === 'approve' ? `Approve “${verdict}”?` : `Decline “${verdict}”?`}
      consequence={
        action === 'approve'
          ? `${consequences[override.verdict]} ${override.requestedBy} asked for it: ${override.reason}`
          : `The decision stays: “${verdictWords[decision.effective].toLowerCase()}”. ${override.requestedBy} sees that it was declined, and why.`
      }
      action={action === 'approve' ? 'Approve' : 'Decline'}
      reason="wanted"
      onConfirm={answer.mutateAsync}
    >
      <Button kind={action === 'approve' ? 'primary' : 'plain'} disabled={why !== undefined} title={why}>
        {action === 'approve' ? 'Approve' : 'Decline'}
      </Button>
    </Confirm>
  );
}

/** Asks for another verdict. */
export function Override({ decision }: { readonly decision: DecisionShown }): ReactElement {
  const may = useMay('operator');
  const choices = (['retrain', 'challenger', 'keep'] as const).filter((one) => one !== decision.effective);
  const [open, setOpen] = useState(false);
  const [verdict, setVerdict] = useState<DecisionOverride['verdict']>(choices[0] ?? 'keep');
  const [reason, setReason] = useState('');
  const isPending = decision.overrides.some(({ status }) => status === 'pending');
  const why = !may
    ? 'Needs the role operator'
    : isPending
      ? 'Another override waits: approve or decline it first'
      : undefined;
  const fourEyes = wantsFourEyes(decision);
  const ask = useAction(
    async () => {
      await post(pathOf(decision.id), { verdict, reason: reason.trim() });
      setReason('');
      setOpen(false);
    },
    {
      topics: ['decisions'],
      done: fourEyes ? 'Somebody else has to approve it now.' : `It counts: ${verdictWords[verdict].toLowerCase()}.`,
    },
  );
  return (
    <>
      <Button disabled={why !== undefined} title={why} onClick={() => setOpen(true)}>
        Override
      </Button>
      <Dialog title="Put another verdict in its place" open={open} onClose={() => setOpen(false)}>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            ask.mutate();
          }}
        >
          <Select
            label="Verdict"
            value={verdict}
            onChange={(next) => setVerdict(next as DecisionOverride['verdict'])}
            choices={choices.map((one) => ({ value: one, label: verdictWords[one] }))}
          />
          <p className="muted">
            {consequences[verdict]}{' '}
            {fourEyes
              ? 'The policy wants four eyes: it counts once somebody else has approved it.'
              : 'It counts at once.'}
          </p>
          <Field label="Reason">
            <textarea rows={3} value={reason} onChange={(event) => setReason(event.target.value)} />
          </Field>
          {ask.error ? <Failure error={ask.error} /> : null}
          <Row>
            <Button kind="primary" type="submit" busy={ask.isPending} disabled={reason.trim() === ''}>
              Ask for it
            </Button>
            <Button onClick={() => setOpen(false)}>Back</Button>
          </Row>
        </form>
      </Dialog>
    </>
  );
}
