import { RotateCcw, SkipForward } from 'lucide-react';
import { type ReactElement, useState } from 'react';
import type { RunDetail, StepRecord } from '../../../contracts/runs.ts';
import { useMay } from '../../app/session.ts';
import { plural } from '../../format/number.ts';
import { Button } from '../../ui/button.tsx';
import { ChooseOne } from '../../ui/choose-one.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { useAct } from './act.ts';
import styles from './run.module.css';
import { isEnded } from './timeline.ts';

/** What may be done to a step: skipped while it has not ended, run again with all behind it once the run has. */
export function StepActions({
  run,
  step,
}: {
  readonly run: RunDetail;
  readonly step: StepRecord;
}): ReactElement | null {
  const may = useMay('operator');
  const act = useAct(run.id);
  if (!may || step.mapKey !== '') return null;
  if (run.finishedAt !== null) return <RetryFrom run={run} step={step} />;
  if (isEnded(step)) return null;
  return (
    <div className={styles.panelActions}>
      <Confirm
        title={`Skip ${step.stepId}?`}
        reason="needed"
        danger
        consequence={`${step.status === 'running' ? 'It is stopped. ' : ''}Steps behind it run as if its own condition had skipped it: without its output.`}
        action="Skip the step"
        onConfirm={(reason) => act('skip', `${step.stepId} is skipped.`, { step: step.stepId, reason })}
      >
        <Button small icon={SkipForward}>
          Skip
        </Button>
      </Confirm>
    </div>
  );
}

/** The steps that need one, directly or by others, and itself. */
function behind(run: RunDetail, stepId: string): number {
  const found = new Set([stepId]);
  for (const { id, needs } of run.plan.steps) if (needs.some((need) => found.has(need))) found.add(id);
  return found.size;
}

function RetryFrom({ run, step: { stepId } }: { readonly run: RunDetail; readonly step: StepRecord }): ReactElement {
  const act = useAct(run.id);
  const [code, setCode] = useState<'run' | 'newest'>('run');
  const kinds = [
    ['run', 'Let this run go on, with the plan it has'],
    ['newest', 'Start a new run with the newest code, which takes over what was done before this step'],
  ] as const;
  return (
    <div className={styles.panelActions}>
      <Confirm
        title={`Retry from ${stepId}?`}
        consequence={
          <>
            <p>
              {plural(behind(run, stepId), 'step')} run again: this one and all behind it, also those that succeeded.
            </p>
            <ChooseOne value={code} choices={kinds} onChange={setCode} />
          </>
        }
        action="Retry"
        onConfirm={() =>
          code === 'run'
            ? act('retry', `The run goes on from ${stepId}.`, { from: [stepId] })
            : act('rerun', `A new run goes on from ${stepId}.`, { from: [stepId], code: 'newest' })
        }
      >
        <Button small icon={RotateCcw}>
          Retry from here…
        </Button>
      </Confirm>
    </div>
  );
}
