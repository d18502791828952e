import type { ReactElement } from 'react';
import type { RuleAction, RuleDefinition } from '../../../../contracts/rules.ts';
import { actionWords, patternWords, ruleWords } from '../words/rules.ts';
import styles from './in-words.module.css';

/** A rule in sentences: when it acts, which events it means, and what it does. */
export function InWords({ definition }: { readonly definition: RuleDefinition }): ReactElement {
  const { patterns, actions } = definition;
  return (
    <div className={styles.words}>
      <p>{ruleWords(definition)}</p>
      <dl>
        {patterns.map((pattern) => (
          <div key={pattern.name}>
            <dt>“{pattern.name}”</dt>
            <dd>{patternWords(pattern)}</dd>
          </div>
        ))}
        <Does title={definition.mode === 'absence' ? 'When all is there' : 'Then'} actions={actions.onMatch} />
        <Does
          title={definition.mode === 'absence' ? 'When it is missing' : 'When it is late'}
          actions={actions.onDeadline}
        />
      </dl>
    </div>
  );
}

function Does({
  title,
  actions = [],
}: {
  readonly title: string;
  readonly actions: readonly RuleAction[] | undefined;
}): ReactElement | null {
  if (actions.length === 0) return null;
  return (
    <div>
      <dt>{title}</dt>
      <dd>{actions.map(actionWords).join(', and ')}</dd>
    </div>
  );
}
