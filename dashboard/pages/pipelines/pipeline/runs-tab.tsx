import type { ReactElement } from 'react';
import type { RunPage } from '../../../../contracts/runs.ts';
import { links } from '../../../app/links.ts';
import { usePages } from '../../../http/pages.ts';
import { Go } from '../../../ui/go.tsx';
import { Paged } from '../../../ui/paged.tsx';
import { RunRows } from '../parts/run-rows.tsx';

/** The runs of a pipeline, newest first. */
export function RunsTab({ pipeline }: { readonly pipeline: string }): ReactElement {
  const query = usePages<RunPage>({ key: ['runs', 'of-pipeline'], path: '/v1/runs', query: { pipeline } });
  return (
    <Paged query={query}>
      {(pages) => (
        <>
          <p>
            <Go href={`${links.runs}?pipeline=${encodeURIComponent(pipeline)}`}>
              Find and compare them among all runs
            </Go>
          </p>
          <RunRows
            runs={pages.flatMap(({ runs }) => runs)}
            empty={`No run yet. A schedule, a rule, a backfill or “perennial run ${pipeline}” starts one.`}
          />
        </>
      )}
    </Paged>
  );
}
