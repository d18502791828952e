import { X } from 'lucide-react';
import { Toast as Radix } from 'radix-ui';
import { type ReactElement, useSyncExternalStore } from 'react';
import { Button } from './button.tsx';
import styles from './toast.module.css';

interface Message {
  readonly id: number;
  readonly text: string;
  readonly tone: 'ok' | 'failed';
  readonly undo?: (() => void) | undefined;
}

let messages: readonly Message[] = [];
let lastId = 0;
const listeners = new Set<() => void>();
const change = (next: readonly Message[]): void => {
  messages = next;
  for (const listener of listeners) listener();
};

/** Says for some seconds what was done, with a way back where there is one. */
export function toast(text: string, options: { readonly failed?: boolean; readonly undo?: () => void } = {}): void {
  lastId += 1;
  change([...messages.slice(-2), { id: lastId, text, tone: options.failed ? 'failed' : 'ok', undo: options.undo }]);
}

/** Where toasts appear; stands once in the shell. */
export function Toasts(): ReactElement {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => messages,
  );
  const dismiss = (id: number): void => change(messages.filter((message) => message.id !== id));
  return (
    <Radix.Provider duration={8000} label="Message">
      {shown.map(({ id, text, tone, undo }) => (
        <Radix.Root
          key={id}
          className={styles.toast}
          data-tone={tone}
          onOpenChange={(open) => (open ? undefined : dismiss(id))}
        >
          <Radix.Description>{text}</Radix.Description>
          {undo ? (
            <Radix.Action altText="Undo" asChild>
              <Button small onClick={undo}>
                Undo
              </Button>
            </Radix.Action>
          ) : null}
          <Radix.Close asChild>
            <Button kind="quiet" small icon={X} aria-label="Dismiss" />
          </Radix.Close>
        </Radix.Root>
      ))}
      <Radix.Viewport className={styles.viewport} />
    </Radix.Provider>
  );
}
