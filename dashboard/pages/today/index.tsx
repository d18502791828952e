import type { ReactElement } from 'react';
import { Loaded, Page, Section } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { answerOf } from './answer.ts';
import { Attention } from './attention.tsx';
import { Health } from './health.tsx';
import { Partitions } from './partitions.tsx';
import { useOverview } from './queries.ts';
import { Results } from './results.tsx';

/** Whether everything is well, within ten seconds; and why not, within a minute. */
export default function Today(): ReactElement {
  const overview = useOverview();
  return (
    <Page title="Today" answer={overview.data ? answerOf(overview.data) : null}>
      <Loaded query={overview} lines={16}>
        {({ attention, pipelines, results }) => (
          <>
            <Attention items={attention} />
            <Section title="Pipelines">
              <Health pipelines={pipelines} />
            </Section>
            {pipelines.every(({ state }) => state === 'never-run') ? (
              <Empty title="No day has been worked on yet" command="perennial run offers">
                Markets by days and the newest key figures would stand here once a pipeline has run.
              </Empty>
            ) : null}
            <Partitions pipelines={pipelines} />
            <Results results={results} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
