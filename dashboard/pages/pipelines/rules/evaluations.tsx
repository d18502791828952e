import type { ReactElement } from 'react';
import type { RuleOutcome } from '../../../../contracts/rules.ts';
import { useAddress, useSetAddress } from '../../../app/address.ts';
import { Button } from '../../../ui/button.tsx';
import { Field, Select } from '../../../ui/field.tsx';
import { NewRowsBar, useNewRows } from '../../../ui/new-rows.tsx';
import { Empty, Failure, Loading } from '../../../ui/states.tsx';
import filters from '../parts/filters.module.css';
import { useRuleEvaluations } from '../queries.ts';
import { outcomeLooks } from '../words/rules.ts';
import styles from './evaluation.module.css';
import { Evaluation } from './evaluation.tsx';

const outcomes = [
  { value: '', label: 'Everything it looked at' },
  ...(Object.keys(outcomeLooks) as RuleOutcome[]).map((value) => ({ value, label: outcomeLooks[value].word })),
];

/** Why a rule did or did not fire: a line for each event and deadline it looked at, newest first. */
export function Evaluations({ id }: { readonly id: string }): ReactElement {
  const { outcome = '', key = '' } = useAddress();
  const setAddress = useSetAddress();
  const query = useRuleEvaluations(id, { outcome, key });
  const found = query.data?.pages.flatMap(({ evaluations }) => evaluations);
  const { rows, ...news } = useNewRows(found, (evaluation) => evaluation.id, `${id} ${outcome} ${key}`);
  return (
    <>
      <div className={filters.filters}>
        <Select
          label="Outcome"
          bare
          value={outcome}
          choices={outcomes}
          onChange={(next) => setAddress({ outcome: next }, true)}
        />
        <Field label="Group" bare>
          <input
            type="search"
            placeholder="Group, such as 2026-11-26"
            defaultValue={key}
            key={key}
            onBlur={({ target }) => setAddress({ key: target.value.trim() }, true)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') setAddress({ key: event.currentTarget.value.trim() }, true);
            }}
          />
        </Field>
        {outcome || key ? (
          <Button kind="quiet" onClick={() => setAddress({ outcome: null, key: null }, true)}>
            Show everything
          </Button>
        ) : null}
      </div>
      {!query.data ? (
        query.error ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Loading />
        )
      ) : rows.length === 0 ? (
        <Empty title={outcome || key ? 'It has looked at nothing of this kind' : 'It has looked at no event yet'}>
          Every event of a type it waits for, and every deadline, leaves a line here that says why the rule did or did
          not fire. “Try it” shows what it would have done with events that are stored already.
        </Empty>
      ) : (
        <>
          <NewRowsBar {...news} word="look" />
          <ol className={styles.evaluations}>
            {rows.map((evaluation) => (
              <Evaluation key={evaluation.id} evaluation={evaluation} />
            ))}
          </ol>
        </>
      )}
      {query.hasNextPage ? (
        <div>
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show older ones
          </Button>
        </div>
      ) : null}
    </>
  );
}
