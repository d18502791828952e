import type { ReactElement } from 'react';
import type { RuleActionRecord, RuleCondition, RuleEvaluation } from '../../../../contracts/rules.ts';
import { links } from '../../../app/links.ts';
import { plural } from '../../../format/number.ts';
import { exact } from '../../../format/time.ts';
import { Go } from '../../../ui/go.tsx';
import { Mark } from '../../../ui/status.tsx';
import { Time } from '../../../ui/time.tsx';
import { EventLink } from '../parts/event-link.tsx';
import { evaluationWords, outcomeLooks } from '../words/rules.ts';
import styles from './evaluation.module.css';

/** What an evaluation or a trial of one has. */
export type Looked = Omit<RuleEvaluation, 'id' | 'rule' | 'version'>;

/** One look of a rule: when, why it did or did not fire in a sentence, at which events, and what came of it. */
export function Evaluation({ evaluation }: { readonly evaluation: Looked }): ReactElement {
  const { at, outcome, event, events, conditions, actions } = evaluation;
  const { tone, word } = outcomeLooks[outcome];
  const others = Object.entries(events).filter(([, other]) => other && other.id !== event?.id);
  return (
    <li className={styles.evaluation}>
      <div className={styles.when}>
        <Time at={at} />
        <Mark tone={tone} word={word} />
      </div>
      <div className={styles.what}>
        <p>{evaluationWords(evaluation)}</p>
        <p className="muted">
          {event ? (
            <>
              Looked at <EventLink event={event} label={`${event.type}${event.subject ? ` ${event.subject}` : ''}`} />
            </>
          ) : (
            'Looked at the deadline'
          )}
          {others.map(([name, other], n) =>
            other ? (
              <span key={name}>
                {n === 0 ? '; had ' : ', '}
                <EventLink event={other} label={name} />
              </span>
            ) : null,
          )}
          .
        </p>
        {actions.map((action, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: actions have no name and never move
          <Action key={n} action={action} />
        ))}
        {conditions.length > 0 ? (
          <details>
            <summary>{plural(conditions.length, 'condition')}</summary>
            <Conditions conditions={conditions} />
            <p className="muted">Looked at {exact(at)}.</p>
          </details>
        ) : null}
      </div>
    </li>
  );
}

function Action({ action }: { readonly action: RuleActionRecord }): ReactElement {
  const fault = action.error ? `: ${action.error.message}` : '';
  if (action.kind === 'alert')
    return (
      <p>
        → {action.severity} alert “{action.message}”{fault}
      </p>
    );
  return (
    <p>
      → {action.status === 'done' ? 'started' : action.status === 'failed' ? 'could not start' : 'is about to start'}{' '}
      {action.runId ? <Go href={links.run(action.runId)}>a run of {action.pipeline}</Go> : action.pipeline}
      {fault}
    </p>
  );
}

function Conditions({ conditions }: { readonly conditions: readonly RuleCondition[] }): ReactElement {
  return (
    <table className={styles.conditions}>
      <tbody>
        {conditions.map(({ pattern, condition, expression, value, holds, reads, error }) => (
          <tr key={`${pattern} ${condition}`}>
            <td>
              <Mark tone={holds ? 'ok' : 'failed'} word={holds ? 'holds' : 'does not hold'} />
            </td>
            <td>
              {pattern} {condition} <code>{expression}</code>
            </td>
            <td>
              {error ?? (
                <>
                  gave <code>{JSON.stringify(value)}</code>
                </>
              )}
              {Object.entries(reads ?? {}).map(([path, found]) => (
                <span key={path}>
                  {' '}
                  <code>
                    {path} = {JSON.stringify(found)}
                  </code>
                </span>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
