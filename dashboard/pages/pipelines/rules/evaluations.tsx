import type { ReactElement } from 'react';
import type { RuleEvaluation, RuleOutcome } from '../../../../contracts/rules.ts';
import { useAddress, useSetAddress } from '../../../app/address.ts';
import { Button } from '../../../ui/button.tsx';
import { Select } from '../../../ui/field.tsx';
import { NewRowsBar, useNewRows } from '../../../ui/new-rows.tsx';
import { Paged } from '../../../ui/paged.tsx';
import { SearchField } from '../../../ui/search-field.tsx';
import { Empty } from '../../../ui/states.tsx';
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
        <SearchField
          label="Group"
          placeholder="Group, such as 2026-11-26"
          value={key}
          onChange={(next) => setAddress({ key: next }, true)}
        />
        {outcome || key ? (
          <Button kind="quiet" onClick={() => setAddress({ outcome: null, key: null }, true)}>
            Show everything
          </Button>
        ) : null}
      </div>
      <Paged query={query} more="Show older ones">
        {(pages) => (
          <Looks
            found={pages.flatMap(({ evaluations }) => evaluations)}
            of={`${id} ${outcome} ${key}`}
            isAll={!outcome && !key}
          />
        )}
      </Paged>
    </>
  );
}

interface LooksProps {
  /** Newest first. */
  readonly found: readonly RuleEvaluation[];
  /** What they are of: the rule and the filter. */
  readonly of: string;
  /** No filter is set. */
  readonly isAll: boolean;
}

function Looks({ found, of, isAll }: LooksProps): ReactElement {
  const { rows, ...news } = useNewRows(found, (evaluation) => evaluation.id, of);
  if (rows.length === 0)
    return (
      <Empty title={isAll ? 'It has looked at no event yet' : 'It has looked at nothing of this kind'}>
        Every event of a type it waits for, and every deadline, leaves a line here that says why the rule did or did not
        fire. “Try it” shows what it would have done with events that are stored already.
      </Empty>
    );
  return (
    <div className={styles.looks}>
      <NewRowsBar {...news} word="look" />
      <ol className={styles.evaluations}>
        {rows.map((evaluation) => (
          <Evaluation key={evaluation.id} evaluation={evaluation} />
        ))}
      </ol>
    </div>
  );
}
