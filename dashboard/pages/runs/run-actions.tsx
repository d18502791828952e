import { Ban, Pause, Play, RotateCcw } from 'lucide-react';
import { type ReactElement, useState } from 'react';
import type { PauseMode, RunDetail } from '../../../contracts/runs.ts';
import { links } from '../../app/links.ts';
import { useMay } from '../../app/session.ts';
import { plural } from '../../format/number.ts';
import buttons from '../../ui/button.module.css';
import { Button } from '../../ui/button.tsx';
import { ChooseOne } from '../../ui/choose-one.tsx';
import { Confirm, Dialog } from '../../ui/dialog.tsx';
import { GoButton } from '../../ui/go-button.tsx';
import { Loaded } from '../../ui/page.tsx';
import { useAct } from './act.ts';
import { usePipeline, useRunBefore } from './queries.ts';
import { RunForm } from './run-form.tsx';

/** What may be done to a run in its state; for who may do it. */
export function RunActions({ run }: { readonly run: RunDetail }): ReactElement {
  const may = useMay('operator');
  const before = useRunBefore(run);
  const isOpen = run.finishedAt === null;
  return (
    <>
      {may && isOpen ? <OpenActions run={run} /> : null}
      {may && !isOpen ? <EndedActions run={run} /> : null}
      {run.steps.some(({ output }) => hasPage(output)) ? (
        <a className={buttons.button} href={`/v1/runs/${encodeURIComponent(run.id)}/report`}>
          Report
        </a>
      ) : null}
      {before.data ? (
        <GoButton href={links.comparison(before.data.id, run.id)}>Compare with the one before</GoButton>
      ) : null}
    </>
  );
}

const hasPage = (output: unknown): boolean =>
  typeof (output as { page?: { sha256?: unknown } } | null)?.page?.sha256 === 'string';

function OpenActions({ run }: { readonly run: RunDetail }): ReactElement {
  const act = useAct(run.id);
  const atWork = run.steps.filter(({ status, mapKey }) => status === 'running' && mapKey === '').length;
  return (
    <>
      {run.status === 'paused' ? (
        <Confirm
          title="Let this run go on?"
          consequence="Its next steps start as soon as there is a worker for them."
          action="Resume"
          onConfirm={() => act('resume', 'The run goes on.')}
        >
          <Button icon={Play} kind="primary">
            Resume
          </Button>
        </Confirm>
      ) : (
        <PauseButton run={run} atWork={atWork} />
      )}
      <Confirm
        title="Cancel this run?"
        danger
        consequence={
          atWork > 0
            ? `${plural(atWork, 'step')} at work ${atWork === 1 ? 'stops' : 'stop'} within seconds and ${atWork === 1 ? 'is' : 'are'} not finished. What has succeeded stays; the run can be retried from there.`
            : 'No further step starts. What has succeeded stays; the run can be retried from there.'
        }
        action="Cancel the run"
        onConfirm={() => act('cancel', 'The run is being cancelled.')}
      >
        <Button icon={Ban} kind="danger">
          Cancel
        </Button>
      </Confirm>
    </>
  );
}

function PauseButton({ run, atWork }: { readonly run: RunDetail; readonly atWork: number }): ReactElement {
  const act = useAct(run.id);
  const [mode, setMode] = useState<PauseMode>('drain');
  const modes = [
    ['drain', `Let ${atWork === 1 ? 'the step' : plural(atWork, 'step')} at work finish`],
    ['checkpoint', 'Stop steps at work now; they go on from their last checkpoint'],
  ] as const;
  return (
    <Confirm
      title="Pause this run?"
      reason="needed"
      consequence={
        <>
          <p>No further step starts until somebody resumes it. It keeps its place in its limits.</p>
          <ChooseOne value={mode} choices={modes} onChange={setMode} />
        </>
      }
      action="Pause"
      onConfirm={(reason) => act('pause', 'The run is being paused.', { mode, reason })}
    >
      <Button icon={Pause}>Pause</Button>
    </Confirm>
  );
}

function EndedActions({ run }: { readonly run: RunDetail }): ReactElement {
  const act = useAct(run.id);
  const [again, setAgain] = useState(false);
  return (
    <>
      {run.status === 'cancelled' ? (
        <Confirm
          title="Let this run go on?"
          consequence="Steps that were cancelled or never began run; what succeeded stays."
          action="Retry"
          onConfirm={() => act('retry', 'The run goes on.')}
        >
          <Button icon={RotateCcw}>Retry</Button>
        </Confirm>
      ) : null}
      <Button onClick={() => setAgain(true)}>Run again…</Button>
      {again ? <RunAgain run={run} onClose={() => setAgain(false)} /> : null}
    </>
  );
}

/** A new run from the start, with the newest code, and parameters that may differ. */
function RunAgain({ run, onClose }: { readonly run: RunDetail; readonly onClose: () => void }): ReactElement {
  const act = useAct(run.id);
  const pipeline = usePipeline(run.pipeline);
  return (
    <Dialog title={`Run ${run.pipeline} again`} open onClose={onClose} side>
      <p className="muted">
        A new run of every step with the newest code. It begins with the parameters of this one; change what should
        differ.
      </p>
      <Loaded query={pipeline}>
        {(found) => (
          <RunForm
            pipeline={found}
            params={run.params}
            action="Run again"
            onSubmit={async (params) => {
              await act('rerun', 'A new run is queued.', { params });
              onClose();
            }}
          />
        )}
      </Loaded>
    </Dialog>
  );
}
