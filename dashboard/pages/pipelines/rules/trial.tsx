import { useMutation } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import type { RuleDefinition, RuleOutcome, RuleTest } from '../../../../contracts/rules.ts';
import { useMay } from '../../../app/session.ts';
import { count, list, plural } from '../../../format/number.ts';
import { exact, viewerZone } from '../../../format/time.ts';
import { post } from '../../../http/client.ts';
import { Button } from '../../../ui/button.tsx';
import { Select } from '../../../ui/field.tsx';
import { Failure } from '../../../ui/states.tsx';
import filters from '../parts/filters.module.css';
import { outcomeLooks } from '../words/rules.ts';
import styles from './evaluation.module.css';
import { Evaluation } from './evaluation.tsx';

const spans = [
  { value: '1', label: 'the last day' },
  { value: '7', label: 'the last 7 days' },
  { value: '30', label: 'the last 30 days' },
  { value: '90', label: 'the last 90 days' },
];
const dayMs = 86_400_000;
/** Looks shown of a trial; the counts are of all. */
const mostShown = 100;

/** Tries a rule, or what is about to become of it, on stored events; nothing is started. */
export function Trial({ rule }: { readonly rule: string | RuleDefinition }): ReactElement {
  const [days, setDays] = useState('7');
  const may = useMay('operator');
  const trial = useMutation({
    mutationFn: () =>
      post<RuleTest>('/v1/rules/test', {
        ...(typeof rule === 'string' ? { id: rule } : { rule: { ...rule, id: rule.id || 'new-rule' } }),
        timeZone: viewerZone(),
        from: new Date(Date.now() - Number(days) * dayMs).toISOString(),
      }),
  });
  return (
    <>
      <div className={filters.filters}>
        <Select label="Try it on the events of" value={days} choices={spans} onChange={setDays} />
        <Button
          busy={trial.isPending}
          disabled={!may}
          title={may ? undefined : 'Needs the role operator'}
          onClick={() => trial.mutate()}
        >
          Try it
        </Button>
      </div>
      <p className="muted">Says what it would have done with what has happened. It starts nothing and tells nobody.</p>
      {trial.error ? <Failure error={trial.error} /> : null}
      {trial.data ? <Result test={trial.data} /> : null}
    </>
  );
}

function Result({ test }: { readonly test: RuleTest }): ReactElement {
  const { events, counts, evaluations, truncated, to } = test;
  const found = (Object.entries(counts) as [RuleOutcome, number][]).map(
    ([outcome, n]) => `${outcomeLooks[outcome].word.toLowerCase()}: ${count(n)}`,
  );
  const newest = [...evaluations].reverse();
  return (
    <div role="status">
      <p>
        <strong>
          {counts.fired ? `It would have fired ${plural(counts.fired, 'time')}` : 'It would not have fired'}
          {counts.deadline ? ` and acted on ${plural(counts.deadline, 'deadline')}` : ''}
        </strong>{' '}
        with {plural(events, 'event')} of its types{found.length > 0 ? ` (${list(found)})` : ''}.
        {truncated ? ` There are more events than could be looked at: this is up to ${exact(to)}.` : ''}
      </p>
      <ol className={styles.evaluations}>
        {newest.slice(0, mostShown).map((evaluation, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: looks of a trial have no id and never move
          <Evaluation key={n} evaluation={evaluation} />
        ))}
      </ol>
      {newest.length > mostShown ? <p className="muted">The newest {mostShown} looks are shown.</p> : null}
    </div>
  );
}
