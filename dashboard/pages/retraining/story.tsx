import { useRouter } from '@tanstack/react-router';
import { type ReactElement, useRef } from 'react';
import { type DecisionShown, decisionVerdicts } from '../../../contracts/decisions.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { links } from '../../app/links.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { Go } from '../../ui/go.tsx';
import { Row } from '../../ui/layout.tsx';
import { useListKeys } from '../../ui/list-keys.ts';
import { NewRowsBar, useNewRows } from '../../ui/new-rows.tsx';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { Badge, Mark } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { useDecisions } from './queries.ts';
import styles from './retraining.module.css';
import { Verdict } from './verdict.tsx';
import { figuresOf, firedFirst, outcomeWords, ruleName, verdictWords } from './words.ts';

interface StoryProps {
  /** For the filter. */
  readonly models: readonly string[];
  /** One that could decide, where nothing has been decided yet. */
  readonly policy: string | undefined;
}

/** Decisions as a story, newest first, also those that said no. */
export function Story({ models, policy }: StoryProps): ReactElement {
  const { model, verdict, waiting } = useAddress();
  const setAddress = useSetAddress();
  const router = useRouter();
  const isFiltered = Boolean(model || verdict || waiting);
  const showAll = (): void => setAddress({ model: null, verdict: null, waiting: null });
  const frame = useRef<HTMLDivElement>(null);
  const filter = { model, verdict, override: waiting ? 'pending' : undefined };
  const decisions = useDecisions(filter);
  const {
    rows: shown,
    waiting: arrived,
    show,
  } = useNewRows(
    decisions.data?.pages.flatMap((page) => page.decisions),
    ({ id }) => id,
    JSON.stringify(filter),
  );
  useListKeys(frame, { open: (index) => shown[index] && router.history.push(links.decision(shown[index].id)) });
  return (
    <>
      <Row>
        <Select
          label="Model"
          value={model ?? ''}
          onChange={(next) => setAddress({ model: next }, true)}
          choices={[{ value: '', label: 'All models' }, ...models.map((one) => ({ value: one, label: one }))]}
        />
        <Select
          label="Verdict"
          value={verdict ?? ''}
          onChange={(next) => setAddress({ verdict: next }, true)}
          choices={[
            { value: '', label: 'Any verdict' },
            ...decisionVerdicts.map((one) => ({ value: one, label: verdictWords[one] })),
          ]}
        />
        <Select
          label="Approval"
          value={waiting ?? ''}
          onChange={(next) => setAddress({ waiting: next }, true)}
          choices={[
            { value: '', label: 'All' },
            { value: 'yes', label: 'Waiting for approval' },
          ]}
        />
        <NewRowsBar waiting={arrived} show={show} word="decision" />
      </Row>
      {decisions.data ? (
        shown.length === 0 ? (
          isFiltered ? (
            <Empty title="No such decision" action={<Button onClick={showAll}>Show all decisions</Button>} />
          ) : (
            <Empty
              title="No decision yet"
              command={policy ? `perennial decisions make ${policy}` : 'perennial decisions ls'}
            >
              Policies decide every day, and when something happens. What they decide would stand here with its reasons,
              also where it says no.
            </Empty>
          )
        ) : (
          <div ref={frame} data-list>
            <ul className={styles.story}>
              {shown.map((decision, index) => (
                <Told key={decision.id} decision={decision} index={index} />
              ))}
            </ul>
          </div>
        )
      ) : decisions.error ? (
        <Failure error={decisions.error} retry={() => void decisions.refetch()} />
      ) : (
        <Loading lines={12} />
      )}
      {decisions.hasNextPage ? (
        <div>
          <Button busy={decisions.isFetchingNextPage} onClick={() => void decisions.fetchNextPage()}>
            Show older ones
          </Button>
        </div>
      ) : null}
    </>
  );
}

function Told({ decision, index }: { readonly decision: DecisionShown; readonly index: number }): ReactElement {
  const { id, model, at, verdict, effective, summary, reasons, links: led, overrides } = decision;
  const pending = overrides.find(({ status }) => status === 'pending');
  return (
    <li data-row={index}>
      <Verdict verdict={effective} />
      <div className={styles.said}>
        <div>
          <Go href={links.decision(id)}>{summary}</Go>{' '}
          <span className="muted">
            {model}
            {effective === verdict ? '' : `; the policy said: ${verdictWords[verdict].toLowerCase()}`}
          </span>
        </div>
        <ul className={styles.reasons}>
          {firedFirst(reasons).map((reason) => (
            <li key={reason.rule}>
              {reason.fired ? (
                <Mark tone="late" word={`${ruleName(reason.rule)} fired`} />
              ) : (
                <span className="muted">{ruleName(reason.rule)}</span>
              )}
              <span className="muted">{figuresOf(reason)}</span>
            </li>
          ))}
        </ul>
        {led.run ? (
          <div>
            <Go href={links.run(led.run.id)}>Its training run</Go>
            {led.version ? (
              <>
                {' '}
                made <Go href={links.version(led.version.model, led.version.version)}>version {led.version.version}</Go>
              </>
            ) : null}
            {led.outcome ? `, which ${outcomeWords[led.outcome]}` : ` is ${led.run.status}`}.
          </div>
        ) : null}
        {pending ? (
          <div className={styles.wait}>
            <Badge tone="late">waits for approval</Badge>
            <span>
              {pending.requestedBy} asks for “{verdictWords[pending.verdict].toLowerCase()}”: {pending.reason}
            </span>
          </div>
        ) : null}
      </div>
      <span className={styles.at}>
        <Time at={at} />
      </span>
    </li>
  );
}
