import type { ReactElement } from 'react';
import type { ServedAnswer, ServedVersion } from '../../../contracts/models.ts';
import type { RolloutDefaults } from '../../../contracts/rollouts.ts';
import type { TrafficRecord } from '../../../contracts/traffic.ts';
import { variantName } from '../../../contracts/traffic.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { links } from '../../app/links.ts';
import { count, list, percent } from '../../format/number.ts';
import { useNow } from '../../format/time.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { Go } from '../../ui/go.tsx';
import { Row } from '../../ui/layout.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { fullDay } from '../offers/words.ts';
import { useServed, useTrafficHistory } from './queries.ts';
import { ShareTimeline } from './share-timeline.tsx';
import { trafficWords } from './words.ts';

const states = (model: string): readonly Column<TrafficRecord>[] => [
  { id: 'at', header: 'From', cell: ({ at }) => <Time at={at} /> },
  { id: 'what', header: 'What answered', cell: ({ routes, rollout }) => trafficWords(routes, rollout !== null) },
  {
    id: 'rollout',
    header: 'Rollout',
    cell: ({ rollout }) => (rollout ? <Go href={links.rollout(rollout.id)}>step {rollout.step + 1}</Go> : ''),
  },
  {
    id: 'reason',
    header: 'Reason',
    grow: true,
    wide: true,
    cell: ({ reason }) => <span title={reason}>{reason}</span>,
  },
  { id: 'by', header: 'By', wide: true, cell: ({ by }) => by },
  {
    id: 'versions',
    header: 'Versions',
    cell: ({ routes }) =>
      routes.map(({ version }) => (
        <span key={version}>
          <Go href={links.version(model, version)}>{version}</Go>{' '}
        </span>
      )),
  },
];

/** What answers now, what answered when, and what served on a day that somebody asks about. */
export function Traffic({
  model,
  defaults,
}: {
  readonly model: string;
  readonly defaults: RolloutDefaults | undefined;
}): ReactElement {
  const { day = '', market = '' } = useAddress();
  const setAddress = useSetAddress();
  const now = useNow(60_000);
  const history = useTrafficHistory(model, market);
  const served = useServed(model, day, market);
  const markets = defaults?.makesLists ? defaults.markets : [];
  return (
    <>
      <Section title="What answered on a day">
        <Row>
          <Field label="Day" hint="From 00:00 to 24:00 UTC.">
            <input
              type="date"
              value={day}
              max={new Date(now).toISOString().slice(0, 10)}
              onChange={(event) => setAddress({ day: event.target.value }, true)}
            />
          </Field>
          {markets.length > 0 ? (
            <Select
              label="Market"
              value={market}
              onChange={(next) => setAddress({ market: next }, true)}
              choices={[{ value: '', label: 'All' }, ...markets.map((one) => ({ value: one, label: one }))]}
            />
          ) : null}
        </Row>
        {day === '' ? null : <Loaded query={served}>{(answer) => <Served answer={answer} market={market} />}</Loaded>}
      </Section>
      <Section title={market === '' ? 'Shares over time' : `Shares over time in ${market}`}>
        <Loaded query={history}>
          {({ traffic, next }) => (
            <>
              <ShareTimeline states={traffic} now={now} />
              <DataTable
                label="States of the traffic"
                columns={states(model)}
                rows={traffic}
                rowId={({ revision }) => String(revision)}
                empty={
                  <Empty title={market === '' ? 'No version has answered yet' : `${market} has no version of its own`}>
                    {market === ''
                      ? 'The first champion begins this history.'
                      : 'Its lists are those of the champion, as everywhere.'}
                  </Empty>
                }
              />
              {next === null ? null : <p className="muted">Older states are not shown.</p>}
            </>
          )}
        </Loaded>
      </Section>
    </>
  );
}

const servedColumns: readonly Column<ServedVersion>[] = [
  {
    id: 'version',
    header: 'Version',
    cell: ({ version, configuration }) => (
      <Go href={links.version(version.model, version.version)}>
        {variantName({ version: version.version, configuration })}
      </Go>
    ),
  },
  { id: 'share', header: 'Share of callers', numeric: true, cell: ({ share }) => percent(share) },
  { id: 'from', header: 'From', cell: ({ period }) => <Time at={period.at} /> },
  { id: 'until', header: 'Until', cell: ({ period }) => (period.until ? <Time at={period.until} /> : 'now') },
  { id: 'by', header: 'By', cell: ({ period }) => period.by },
  {
    id: 'reason',
    header: 'Reason',
    grow: true,
    cell: ({ period }) => <span title={period.reason}>{period.reason}</span>,
  },
];

function Served({ answer, market }: { readonly answer: ServedAnswer; readonly market: string }): ReactElement {
  const { at, served, lists } = answer;
  const versions = [...new Set(served.map(({ version }) => version.version))].sort((a, b) => a - b);
  return (
    <>
      <p role="status">
        {versions.length === 0
          ? `Nothing answered on ${fullDay(at)}.`
          : `On ${fullDay(at)}, ${versions.length === 1 ? `version ${versions[0]}` : `versions ${list(versions.map(String))}`} answered.`}
        {market === '' ? null : lists ? (
          <>
            {' '}
            The lists of {market} in use were of {fullDay(lists.asOf)}, made by{' '}
            <Go href={links.version(answer.model, lists.version)}>version {lists.version}</Go> in a{' '}
            <Go href={links.run(lists.runId)}>run</Go> for {count(lists.customers)} customers.
          </>
        ) : (
          ` No lists of ${market} were in use.`
        )}
      </p>
      {served.length > 0 ? (
        <DataTable
          label={`What served on ${at}`}
          columns={servedColumns}
          rows={served}
          rowId={({ version, period, configuration }) => `${version.version} ${configuration} ${period.at}`}
        />
      ) : null}
    </>
  );
}
