import type { ReactElement } from 'react';
import { cellStatuses, type PartitionMatrix } from '../../../contracts/overview.ts';
import type { RunRecord } from '../../../contracts/runs.ts';
import { links } from '../../app/links.ts';
import { useMay } from '../../app/session.ts';
import { post } from '../../http/client.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm, Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Go } from '../../ui/go.tsx';
import { Status } from '../../ui/status.tsx';
import { useAction } from '../../ui/use-action.ts';
import { unusualOf } from './cell.ts';
import styles from './partition.module.css';

export interface PartitionProps {
  readonly matrix: PartitionMatrix;
  readonly row: number;
  readonly column: number;
  readonly onClose: () => void;
}

/** What is known of a market's day, and how it is done once more. */
export function Partition({ matrix, row, column, onClose }: PartitionProps): ReactElement {
  const { pipeline } = matrix;
  const place = row * matrix.days.length + column;
  const [key = '', day = ''] = [matrix.keys[row], matrix.days[column]];
  const run = matrix.runs[matrix.run[place] ?? -1];
  const status = cellStatuses[matrix.status[place] ?? -1];
  const version = matrix.version[place];
  const unusual = unusualOf(matrix, place);
  const mayRun = useMay('operator');
  const retry = useAction((id: string) => post<RunRecord>(`/v1/runs/${encodeURIComponent(id)}/retry`, {}), {
    topics: ['runs'],
    done: 'The run goes on from what failed.',
  });
  const backfill = new URLSearchParams({ pipeline, from: day, to: day, ...(key ? { keys: key } : {}) });
  return (
    <Dialog title={`${key || pipeline}, ${day}`} open side onClose={onClose}>
      <Facts
        facts={[
          ['State', status ? <Status key="state" status={status} /> : 'no run yet'],
          [
            'Run',
            run ? (
              <Go key="run" href={links.run(run)}>
                {run}
              </Go>
            ) : null,
          ],
          ['Data', matrix.fresh[place] == null ? 'not looked at' : matrix.fresh[place] === 0 ? 'not fresh' : 'fresh'],
          ['Unusual', unusual.length > 0 ? unusual.join(', ') : 'nothing'],
          ['Model', version == null ? 'not known' : `version ${version}`],
        ]}
      />
      {mayRun ? (
        <div className={styles.actions}>
          {run && (status === 'failed' || status === 'cancelled') ? (
            <Confirm
              title="Retry what failed?"
              consequence={`Steps of run ${run} that did not succeed run again; what succeeded is not done twice.`}
              action="Retry"
              onConfirm={() => retry.mutateAsync(run)}
            >
              <Button kind="primary">Retry the run</Button>
            </Confirm>
          ) : null}
          <Go href={`/backfill?${backfill}`}>Do this day again (backfill)…</Go>
        </div>
      ) : (
        <p className="muted">Doing it again needs a key with the role operator.</p>
      )}
    </Dialog>
  );
}
