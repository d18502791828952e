import type { ReactElement } from 'react';
import { ChangedText } from '../../ui/changed-text.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Loaded } from '../../ui/page.tsx';
import { Time } from '../../ui/time.tsx';
import { detailsOf, type Entry, type Kind } from './kinds.ts';
import styles from './language-data.module.css';
import { useEntryHistory } from './queries.ts';

export interface EntryHistoryProps {
  readonly kind: Kind;
  readonly id: string;
  readonly entry: string;
  readonly onClose: () => void;
}

/** All that an entry has been, newest first: who made it so, when and why. */
export function EntryHistory({ kind, id, entry, onClose }: EntryHistoryProps): ReactElement {
  const history = useEntryHistory(kind, id, entry);
  return (
    <Dialog side open title={`History of a ${kind.entry}`} onClose={onClose}>
      <Loaded query={history} lines={4}>
        {(states) => (
          <ol className={styles.history}>
            {states
              .map((state, n) => ({ state, before: states[n - 1] }))
              .reverse()
              .map(({ state, before }) => (
                <li key={state.validFrom}>
                  <State state={state} before={before} />
                </li>
              ))}
          </ol>
        )}
      </Loaded>
    </Dialog>
  );
}

function State({ state, before }: { readonly state: Entry; readonly before: Entry | undefined }): ReactElement {
  return (
    <>
      <p className="muted">
        {versionsText(state)} · {state.by} · <Time at={state.at} />
        {state.importId === null ? '' : ' · with an import'}
      </p>
      <p>{before ? <ChangedText before={before.source} after={state.source} /> : state.source}</p>
      <p>{before ? <ChangedText before={before.target} after={state.target} /> : state.target}</p>
      <p className={styles.details}>{detailsOf(state).join(' · ')}</p>
      {state.reason === '' ? null : <p>“{state.reason}”</p>}
    </>
  );
}

const versionsText = ({ validFrom, validTo }: Entry): string =>
  validTo === null
    ? `Since version ${validFrom}`
    : validTo - 1 === validFrom
      ? `Version ${validFrom}`
      : `Versions ${validFrom} to ${validTo - 1}`;
