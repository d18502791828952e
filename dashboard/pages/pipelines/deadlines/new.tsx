import type { ReactElement } from 'react';
import { useAddress } from '../../../app/address.ts';
import { Page } from '../../../ui/page.tsx';
import { Crumbs } from '../parts/crumbs.tsx';
import { OperatorsOnly } from '../parts/operators-only.tsx';
import { DeadlineForm } from './form.tsx';

/** Makes a deadline; the address may name its pipeline. */
export default function NewDeadline(): ReactElement {
  const { pipeline = '' } = useAddress();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const id = pipeline === '' ? '' : `${pipeline}-by-morning`;
  return (
    <Page
      title="New deadline"
      crumbs={<Crumbs tab="deadlines" pipeline={pipeline} />}
      answer="It says by when the work of a day is to be done, and warns before it is missed."
    >
      <OperatorsOnly>
        <DeadlineForm initial={{ id, pipeline, by: '07:00', zone }} />
      </OperatorsOnly>
    </Page>
  );
}
