import type { ReactElement } from 'react';
import type { DefinitionChange } from '../../../../contracts/definitions.ts';
import { Section } from '../../../ui/page.tsx';
import { Badge, type Tone } from '../../../ui/status.tsx';
import { type DefinitionKind, useCodeChanges } from '../queries.ts';
import styles from './code-changes.module.css';

const words: Readonly<Record<DefinitionChange['kind'], { word: string; tone: Tone; means: string }>> = {
  add: { word: 'new', tone: 'ok', means: 'is added' },
  change: { word: 'changes', tone: 'running', means: 'changes as follows' },
  remove: { word: 'removed', tone: 'failed', means: 'goes: the code does not have it any more' },
  conflict: {
    word: 'left out',
    tone: 'late',
    means: 'stays as it is: one of this id was made by hand, so the one of the code is left out; rename or remove one',
  },
};

/**
 * What the next start of a control worker makes of the definitions of the code. Nothing is shown when nothing would change.
 *
 * @param id only this one.
 */
export function CodeChanges({
  kind,
  id,
}: {
  readonly kind: DefinitionKind;
  readonly id?: string;
}): ReactElement | null {
  const { data = [] } = useCodeChanges(kind);
  const changes = data.filter((change) => id === undefined || change.id === id);
  if (changes.length === 0) return null;
  return (
    <Section title="What the code would change" aside="applied when a control worker starts">
      <ul className={styles.changes}>
        {changes.map((change) => (
          <li key={change.id}>
            <Badge tone={words[change.kind].tone}>{words[change.kind].word}</Badge> <strong>{change.id}</strong>{' '}
            {words[change.kind].means}
            {change.fields.length > 0 ? (
              <table className={styles.fields}>
                <tbody>
                  {change.fields.map(({ field, from, to }) => (
                    <tr key={field}>
                      <th scope="row">{field}</th>
                      <td>{change.kind === 'add' ? null : <del>{text(from)}</del>}</td>
                      <td>{change.kind === 'remove' ? null : <ins>{text(to)}</ins>}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}

const text = (value: unknown): string => (value === null || value === undefined ? 'nothing' : JSON.stringify(value));
