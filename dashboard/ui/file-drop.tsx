import { Upload } from 'lucide-react';
import { type ReactElement, useRef, useState } from 'react';
import { Button } from './button.tsx';
import styles from './file-drop.module.css';

export interface FileDropProps {
  /** What the button says: `Choose a file`. */
  readonly label: string;
  /** Which files fit, in words. */
  readonly hint: string;
  /** Endings, for the browser's dialog. */
  readonly accept: string;
  readonly busy: boolean;
  readonly multiple?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}

/** Takes files that are dropped on it, or chosen. */
export function FileDrop({ label, hint, accept, busy, multiple, onFiles }: FileDropProps): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (files: FileList | null): void => {
    if (files && files.length > 0 && !busy) onFiles(multiple ? [...files] : [...files].slice(0, 1));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the button does the same
    <div
      className={styles.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files);
      }}
    >
      <Upload size={16} aria-hidden />
      <span>Drop {multiple ? 'files' : 'a file'} here, or</span>
      <Button busy={busy} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <span className="muted">{hint}</span>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        accept={accept}
        multiple={multiple}
        onChange={(event) => {
          take(event.target.files);
          event.target.value = '';
        }}
      />
    </div>
  );
}
