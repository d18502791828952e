import type { ReactElement } from 'react';
import { links } from '../../../app/links.ts';
import { Go } from '../../../ui/go.tsx';

const titles = { schedules: 'Schedules', rules: 'Rules', deadlines: 'Deadlines', backfills: 'Backfills' } as const;

/** Where a thing belongs: the list of its kind, of its pipeline where it has one. */
export function Crumbs({
  tab,
  pipeline,
}: {
  readonly tab: keyof typeof titles;
  readonly pipeline?: string | null | undefined;
}): ReactElement {
  return (
    <>
      <Go href={links.pipelines}>Pipelines</Go>
      {' / '}
      {pipeline ? (
        <>
          <Go href={links.pipeline(pipeline)}>{pipeline}</Go>
          {' / '}
          <Go href={`${links.pipeline(pipeline)}?tab=${tab}`}>{titles[tab]}</Go>
        </>
      ) : (
        <Go href={`${links.pipelines}?tab=${tab}`}>{titles[tab]}</Go>
      )}
    </>
  );
}
