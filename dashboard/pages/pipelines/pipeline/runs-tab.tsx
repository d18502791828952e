import type { ReactElement } from 'react';
import type { RunBrief, RunPage } from '../../../../contracts/runs.ts';
import { links } from '../../../app/links.ts';
import { usePages } from '../../../http/pages.ts';
import { Go } from '../../../ui/go.tsx';
import { NewRowsBar, useNewRows } from '../../../ui/new-rows.tsx';
import { Paged } from '../../../ui/paged.tsx';
import { Empty } from '../../../ui/states.tsx';
import { RunRows } from '../parts/run-rows.tsx';
import { Durations } from './durations.tsx';

/** The runs of a pipeline, newest first. */
export function RunsTab({ pipeline }: { readonly pipeline: string }): ReactElement {
  const query = usePages<RunPage>({ key: ['runs', 'of-pipeline'], path: '/v1/runs', query: { pipeline } });
  return (
    <>
      <p>
        <Go href={`${links.runs}?pipeline=${encodeURIComponent(pipeline)}`}>Find and compare them among all runs</Go>
      </p>
      <Durations pipeline={pipeline} />
      <Paged query={query}>{(pages) => <Rows pipeline={pipeline} found={pages.flatMap(({ runs }) => runs)} />}</Paged>
    </>
  );
}

function Rows({ pipeline, found }: { readonly pipeline: string; readonly found: readonly RunBrief[] }): ReactElement {
  const { rows, ...news } = useNewRows(found, ({ id }) => id, pipeline);
  return (
    <>
      <NewRowsBar {...news} word="run" />
      {rows.length === 0 ? (
        <Empty title="No run yet" command={`perennial run ${pipeline}`}>
          A schedule, a rule, a backfill, somebody here or the command starts one.
        </Empty>
      ) : (
        <RunRows runs={rows} empty="" />
      )}
    </>
  );
}
