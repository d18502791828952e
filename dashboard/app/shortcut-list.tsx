import { Fragment, type ReactElement } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import styles from './shortcut-list.module.css';
import { shortcuts } from './shortcuts.ts';

/** The keys that work everywhere. */
export function ShortcutList({ onClose }: { readonly onClose: () => void }): ReactElement {
  return (
    <Dialog title="Keys" open onClose={onClose}>
      <dl className={styles.keys}>
        {shortcuts.map(({ keys, isEither, meaning }) => (
          <div key={meaning}>
            <dt>
              {keys.map((key, n) => (
                <Fragment key={key}>
                  {n === 0 ? '' : <span className="muted">{isEither ? ' or ' : ' then '}</span>}
                  <kbd>{key}</kbd>
                </Fragment>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
