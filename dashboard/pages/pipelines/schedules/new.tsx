import type { ReactElement } from 'react';
import { useAddress } from '../../../app/address.ts';
import { viewerZone } from '../../../format/time.ts';
import { Page } from '../../../ui/page.tsx';
import { Crumbs } from '../parts/crumbs.tsx';
import { OperatorsOnly } from '../parts/operators-only.tsx';
import { newDraft } from './draft.ts';
import { ScheduleForm } from './form.tsx';

/** Makes a schedule; the address may name its pipeline. */
export default function NewSchedule(): ReactElement {
  const { pipeline = '' } = useAddress();
  const zone = viewerZone();
  return (
    <Page
      title="New schedule"
      crumbs={<Crumbs tab="schedules" pipeline={pipeline} />}
      answer="It starts runs by itself; beside the form stands when."
    >
      <OperatorsOnly>
        <ScheduleForm initial={newDraft(pipeline, zone)} />
      </OperatorsOnly>
    </Page>
  );
}
