import type { ReactElement } from 'react';
import type { Json } from '../../contracts/json.ts';
import { bytes, count, plural } from '../format/number.ts';
import styles from './json-view.module.css';
import { CopyText } from './states.tsx';

export interface JsonViewProps {
  readonly value: Json;
  /** How many levels are open at first; default 2. */
  readonly open?: number;
}

/** Members of an object or array shown at once; the rest is in the copy. */
const most = 200;

/** JSON to read: objects and lists fold, references to artifacts say their size. */
export function JsonView({ value, open = 2 }: JsonViewProps): ReactElement {
  return (
    <div className={styles.json}>
      <Value value={value} open={open} />
    </div>
  );
}

interface ArtifactLike {
  readonly uri: string;
  readonly sha256: string;
  readonly bytes: number;
}

function isArtifact(value: object): value is ArtifactLike {
  const { uri, sha256, bytes } = value as Partial<ArtifactLike>;
  return typeof uri === 'string' && typeof sha256 === 'string' && typeof bytes === 'number';
}

function Value({ value, open }: Required<JsonViewProps>): ReactElement {
  if (value === null || typeof value !== 'object')
    return (
      <span data-type={value === null ? 'null' : typeof value}>
        {typeof value === 'string' ? value || '""' : String(value)}
      </span>
    );
  if (isArtifact(value))
    return (
      <span>
        artifact, {bytes(value.bytes)} <CopyText text={value.uri} label="Copy the reference" />
      </span>
    );
  const members = Array.isArray(value)
    ? value.map((one, index) => [String(index), one] as const)
    : Object.entries(value);
  if (members.length === 0) return <span className="muted">{Array.isArray(value) ? 'empty list' : 'nothing'}</span>;
  const isSimple =
    Array.isArray(value) && members.length <= 12 && value.every((one) => one === null || typeof one !== 'object');
  if (isSimple) return <span>{value.join(', ')}</span>;
  return (
    <details open={open > 0}>
      <summary>{Array.isArray(value) ? `list of ${count(members.length)}` : plural(members.length, 'field')}</summary>
      <dl>
        {members.slice(0, most).map(([name, member]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Value value={member} open={open - 1} />
            </dd>
          </div>
        ))}
      </dl>
      {members.length > most ? <p className="muted">and {count(members.length - most)} more</p> : null}
    </details>
  );
}
