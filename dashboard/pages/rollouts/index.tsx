import { useParams } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { baseOf, candidateOf, type RolloutEvent } from '../../../contracts/rollouts.ts';
import { variantName } from '../../../contracts/traffic.ts';
import { links } from '../../app/links.ts';
import { Facts } from '../../ui/facts.tsx';
import { Go } from '../../ui/go.tsx';
import { Loaded, Page, Section } from '../../ui/page.tsx';
import { Elapsed, Time } from '../../ui/time.tsx';
import { rolloutWords } from '../models/words.ts';
import { Controls } from './controls.tsx';
import { Gates } from './gates.tsx';
import { type ShownRollout, useRollout } from './queries.ts';
import styles from './rollouts.module.css';
import { RolloutStatus } from './status.tsx';
import { Steps } from './steps.tsx';
import { gatesAnswer } from './words.ts';

/** The control room of a rollout: where it is, what its gates see, what happened, and what people may say to it. */
export default function Rollout(): ReactElement {
  const { id = '' } = useParams({ strict: false });
  const query = useRollout(id);
  const { data } = query;
  return (
    <Page
      title={data ? `Rollout of ${data.model} ${data.version}` : 'Rollout'}
      crumbs={
        <>
          <Go href={links.models}>Models</Go> / <Go href={`${links.models}?tab=rollouts`}>Rollouts</Go>
        </>
      }
      answer={data ? `${rolloutWords(data)}. ${gatesAnswer(data)}` : undefined}
      actions={data ? <Controls rollout={data} /> : null}
    >
      <Loaded query={query}>
        {(rollout) => (
          <>
            <Section title="Steps" aside={<RolloutStatus status={rollout.status} />}>
              <Steps rollout={rollout} />
            </Section>
            <Gates rollout={rollout} />
            <Section title="What happened">
              <Events events={rollout.events} />
            </Section>
            <About rollout={rollout} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Events({ events }: { readonly events: readonly RolloutEvent[] }): ReactElement {
  return (
    <ol className={styles.events}>
      {events.toReversed().map(({ at, type, by, text }) => (
        <li key={`${at} ${type}`}>
          <Time at={at} />
          <span>
            <strong>{type}</strong>
            <span className="muted"> by {by}</span>
          </span>
          <span>{text}</span>
        </li>
      ))}
    </ol>
  );
}

function About({ rollout }: { readonly rollout: ShownRollout }): ReactElement {
  const { model, market, version, base, by, createdAt, finishedAt, plan } = rollout;
  return (
    <Section title="What it is about">
      <Facts
        facts={[
          [
            'Model',
            <Go key="model" href={links.model(model)}>
              {model}
            </Go>,
          ],
          [
            'Candidate',
            <Go key="candidate" href={links.version(model, version)}>
              version {variantName(candidateOf(rollout))}
            </Go>,
          ],
          [
            'Instead of',
            <Go key="base" href={links.version(model, base)}>
              version {variantName(baseOf(rollout))}
            </Go>,
          ],
          [
            'For',
            market === '' ? (
              'all callers'
            ) : (
              <Go key="market" href={links.market(market)}>
                customers of {market}
              </Go>
            ),
          ],
          [
            'Started',
            <span key="begun">
              <Time at={createdAt} /> by {by}
            </span>,
          ],
          [finishedAt === null ? 'Running for' : 'Took', <Elapsed key="took" from={createdAt} to={finishedAt} />],
          [
            'If undecided',
            {
              pause: 'A step whose gates have not decided in time waits for a person.',
              'roll-back': 'A step whose gates have not decided in time is taken back.',
              'go-on': 'A step whose gates have not decided in time goes on to the next.',
            }[plan.onInconclusive],
          ],
        ]}
      />
    </Section>
  );
}
