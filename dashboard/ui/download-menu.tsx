import { Download } from 'lucide-react';
import { DropdownMenu as Menu } from 'radix-ui';
import type { ReactElement } from 'react';
import { Button } from './button.tsx';
import styles from './download-menu.module.css';

export interface DownloadMenuProps {
  /** What the button says: `Export`. */
  readonly label: string;
  readonly files: readonly {
    /** `Excel (XLSX)`. */
    readonly label: string;
    /** Of the API. */
    readonly href: string;
  }[];
}

/** The same thing as a file, in one of several formats. */
export function DownloadMenu({ label, files }: DownloadMenuProps): ReactElement {
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger asChild>
        <Button icon={Download}>{label}</Button>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content className={styles.menu} align="end" sideOffset={4}>
          {files.map((file) => (
            <Menu.Item key={file.href} asChild>
              <a href={file.href} download className={styles.item}>
                {file.label}
              </a>
            </Menu.Item>
          ))}
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
