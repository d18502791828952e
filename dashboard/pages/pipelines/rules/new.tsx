import type { ReactElement } from 'react';
import { useAddress } from '../../../app/address.ts';
import { Page } from '../../../ui/page.tsx';
import { Crumbs } from '../parts/crumbs.tsx';
import { OperatorsOnly } from '../parts/operators-only.tsx';
import { newDraft } from './draft.ts';
import { RuleForm } from './form.tsx';

/** Makes a rule; the address may name the pipeline it is about. */
export default function NewRule(): ReactElement {
  const { pipeline = '' } = useAddress();
  return (
    <Page
      title="New rule"
      crumbs={<Crumbs tab="rules" pipeline={pipeline} />}
      answer="It waits for events and then starts runs or raises alerts. Try it on what has happened before you make it."
    >
      <OperatorsOnly>
        <RuleForm initial={newDraft(pipeline)} />
      </OperatorsOnly>
    </Page>
  );
}
