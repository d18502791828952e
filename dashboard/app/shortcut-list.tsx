import type { ReactElement } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { shortcuts } from './shortcuts.ts';

/** The keys that work everywhere. */
export function ShortcutList({ onClose }: { readonly onClose: () => void }): ReactElement {
  return (
    <Dialog title="Keys" open onClose={onClose}>
      <table>
        <tbody>
          {shortcuts.map(([keys, meaning]) => (
            <tr key={keys}>
              <th scope="row" style={{ textAlign: 'left', paddingRight: 24, fontWeight: 400 }}>
                <kbd className="mono">{keys}</kbd>
              </th>
              <td>{meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
