import type { ReactElement } from 'react';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { useNow } from '../../format/time.ts';
import { Here } from '../../ui/here.tsx';
import { Loaded, Page } from '../../ui/page.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { useModels } from '../models/queries.ts';
import { DecideNow } from './decide-now.tsx';
import { Figures } from './figures.tsx';
import { Policies } from './policies.tsx';
import { useNewestDecisions, usePolicies } from './queries.ts';
import { Story } from './story.tsx';
import { retrainingAnswer } from './words.ts';

/** Whether models are kept fresh: what was decided and why, what is looked at, and by which policies. */
export default function Retraining(): ReactElement {
  const { tab = 'decisions' } = useAddress();
  const setAddress = useSetAddress();
  const now = useNow(60_000);
  const newest = useNewestDecisions();
  const pending = useNewestDecisions({ override: 'pending' });
  const policies = usePolicies();
  const models = useModels();
  const names = [
    ...new Set([
      ...(newest.data?.decisions ?? []).map(({ model }) => model),
      ...(models.data?.models ?? []).map(({ model }) => model),
    ]),
  ].sort();
  const waiting = pending.data?.decisions.length ?? 0;
  return (
    <Page
      title="Retraining"
      answer={
        newest.data && pending.data ? (
          <Answer sentence={retrainingAnswer(newest.data.decisions, waiting, now)} isWaiting={waiting > 0} />
        ) : undefined
      }
      actions={<DecideNow policies={policies.data ?? []} />}
    >
      <Tabs
        label="Parts of retraining"
        value={tab}
        onChange={(next) => setAddress({ tab: next === 'decisions' ? null : next, verdict: null, waiting: null })}
        tabs={[
          {
            id: 'decisions',
            title: 'Decisions',
            ...(waiting > 0 ? { count: waiting } : {}),
            content: () => <Story models={names} policy={policies.data?.[0]?.id} />,
          },
          {
            id: 'figures',
            title: 'Figures',
            content: () => <Loaded query={policies}>{(found) => <Figures policies={found} models={names} />}</Loaded>,
          },
          { id: 'policies', title: 'Policies', content: () => <Policies /> },
        ]}
      />
    </Page>
  );
}

/** What waits for approval leads to it. */
function Answer({ sentence, isWaiting }: { readonly sentence: string; readonly isWaiting: boolean }): ReactElement {
  const [first, wait = ''] = sentence.split('; ');
  if (!isWaiting) return <>{sentence}</>;
  return (
    <>
      {first}; <Here change={{ tab: '', waiting: 'yes' }}>{wait.replace(/\.$/, '')}</Here>.
    </>
  );
}
