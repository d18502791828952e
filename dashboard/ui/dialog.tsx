import { X } from 'lucide-react';
import { AlertDialog as Alert, Dialog as Radix } from 'radix-ui';
import { type ReactElement, type ReactNode, useState } from 'react';
import { Button } from './button.tsx';
import styles from './dialog.module.css';
import { Failure } from './states.tsx';

export interface DialogProps {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  /** Stands at the right edge, full height: for detail beside a list. */
  readonly side?: boolean;
  readonly children: ReactNode;
}

/** Lies over the page; Escape and the ground behind close it. */
export function Dialog({ title, open, onClose, side, children }: DialogProps): ReactElement {
  return (
    <Radix.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Radix.Portal>
        <Radix.Overlay className={styles.overlay} />
        <Radix.Content className={side ? styles.drawer : styles.dialog} aria-describedby={undefined}>
          <div className={styles.head}>
            <Radix.Title className={styles.title}>{title}</Radix.Title>
            <Radix.Close asChild>
              <Button kind="quiet" small icon={X} aria-label="Close" />
            </Radix.Close>
          </div>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export interface ConfirmProps {
  /** The question: `Cancel this run?` */
  readonly title: string;
  /** What will happen, to whom, and whether it can be undone. */
  readonly consequence: ReactNode;
  /** What the button says: a verb. */
  readonly action: string;
  readonly danger?: boolean;
  /** Asks for a reason, which `onConfirm` is given. */
  readonly reason?: 'wanted' | 'needed';
  /** The dialog stays, with the error, when it fails. */
  readonly onConfirm: (reason: string) => Promise<unknown>;
  /** The button that asks. */
  readonly children: ReactNode;
}

/** Asks once before something that others feel. */
export function Confirm(props: ConfirmProps): ReactElement {
  const { title, consequence, action, danger, reason: asks, onConfirm, children } = props;
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const confirm = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm(reason.trim());
      setOpen(false);
      setReason('');
    } catch (cause) {
      setError(cause instanceof Error ? cause : new Error(String(cause)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Alert.Root open={open} onOpenChange={setOpen}>
      <Alert.Trigger asChild>{children}</Alert.Trigger>
      <Alert.Portal>
        <Alert.Overlay className={styles.overlay} />
        <Alert.Content className={styles.dialog}>
          <Alert.Title className={styles.title}>{title}</Alert.Title>
          <Alert.Description asChild>
            <div className={styles.consequence}>{consequence}</div>
          </Alert.Description>
          {asks ? (
            <label className={styles.reason}>
              Reason{asks === 'wanted' ? ' (goes into the audit log)' : ''}
              <textarea rows={2} value={reason} onChange={(event) => setReason(event.target.value)} />
            </label>
          ) : null}
          {error ? <Failure error={error} /> : null}
          <div className={styles.buttons}>
            <Alert.Cancel asChild>
              <Button>Back</Button>
            </Alert.Cancel>
            <Button
              kind={danger ? 'danger' : 'primary'}
              busy={busy}
              disabled={asks === 'needed' && reason.trim() === ''}
              onClick={() => void confirm()}
            >
              {action}
            </Button>
          </div>
        </Alert.Content>
      </Alert.Portal>
    </Alert.Root>
  );
}
