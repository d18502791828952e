import { CircleX, RotateCcw } from 'lucide-react';
import type { ReactElement } from 'react';
import { errorKinds, type Fault } from '../../../contracts/errors.ts';
import type { RunDetail } from '../../../contracts/runs.ts';
import { useMay } from '../../app/session.ts';
import { plural } from '../../format/number.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Prose } from '../../ui/prose.tsx';
import { useAct } from './act.ts';
import styles from './run.module.css';
import { errorOf, failedStep } from './sentences.ts';

/** Who has to act, in words. */
export const faultWords: Readonly<Record<Fault, string>> = {
  caller: 'Something that was given has to change: the parameters, the data or a setting.',
  world: 'Something around Perennial failed: a server, a disk or the network. The same may work later.',
  us: 'This is a fault of the step’s code.',
};

export interface FailureBoxProps {
  readonly run: RunDetail;
  readonly onSelect: (stepId: string, mapKey?: string) => void;
}

/** Why a run failed, where, whose fault it is, what to do, and the button that goes on from there. */
export function FailureBox({ run, onSelect }: FailureBoxProps): ReactElement | null {
  const may = useMay('operator');
  const act = useAct(run.id);
  const step = failedStep(run);
  const error = step ? errorOf(run, step) : run.error;
  if (!error) return null;
  const items = step
    ? run.steps.filter(({ stepId, mapKey, status }) => stepId === step.stepId && mapKey !== '' && status === 'failed')
    : [];
  const attempts = Math.max(0, ...[step, ...items].map((one) => one?.attempts.length ?? 0));
  const kind = errorKinds[error.code];
  const left = run.steps.filter(({ mapKey, status }) => mapKey === '' && status !== 'succeeded').length;
  return (
    <section className={styles.failure} aria-label="Why it failed">
      <div className={styles.failureText}>
        <h2>
          <CircleX size={16} aria-hidden /> {kind?.title ?? 'The run failed'}
        </h2>
        <p className={styles.message}>{error.message}</p>
        {error.fields?.map((fault) => (
          <p key={fault.field}>
            <code>{fault.field}</code> {fault.message}
          </p>
        ))}
        {error.remedy ? (
          <p>
            <strong>What to do:</strong> <Prose text={error.remedy} />
          </p>
        ) : null}
        <p className="muted">
          {step ? (
            <>
              Step{' '}
              <button type="button" className={styles.inline} onClick={() => onSelect(step.stepId, items[0]?.mapKey)}>
                {step.stepId}
                {items.length === 1 ? ` (${items[0]?.mapKey})` : ''}
              </button>
              {items.length > 1 ? `, ${plural(items.length, 'item')}` : ''}
              {attempts > 1 ? `, ${plural(attempts, 'attempt')}` : ''} ·{' '}
            </>
          ) : null}
          <code>{error.code}</code> · {kind ? faultWords[kind.fault] : ''}
        </p>
      </div>
      {may && step ? (
        <Confirm
          title={`Retry from ${step.stepId}?`}
          consequence={`The same run goes on with its plan and parameters: ${plural(left, 'step')} that failed or did not run start again. Nothing that succeeded is done twice.`}
          action="Retry"
          onConfirm={() => act('retry', `The run goes on from ${step.stepId}.`)}
        >
          <Button kind="primary" icon={RotateCcw}>
            Retry from {step.stepId}
          </Button>
        </Confirm>
      ) : null}
    </section>
  );
}
