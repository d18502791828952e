import { Copy, TriangleAlert } from 'lucide-react';
import { type ReactElement, type ReactNode, useState } from 'react';
import { ApiError } from '../http/client.ts';
import { Button } from './button.tsx';
import { Prose } from './prose.tsx';
import styles from './states.module.css';

export interface EmptyProps {
  /** What would stand here. */
  readonly title: string;
  /** How it comes about. */
  readonly children?: ReactNode;
  /** A command that fills it. */
  readonly command?: string;
  readonly action?: ReactNode;
}

/** Says what would stand here, and the command or button that brings it. */
export function Empty({ title, children, command, action }: EmptyProps): ReactElement {
  return (
    <div className={styles.state}>
      <strong>{title}</strong>
      {children ? <p className="muted">{typeof children === 'string' ? <Prose text={children} /> : children}</p> : null}
      {command ? <CopyText text={command} label="Copy the command" /> : null}
      {action}
    </div>
  );
}

/** A text to copy, such as a command or a trace id. */
export function CopyText({ text, label }: { readonly text: string; readonly label: string }): ReactElement {
  const [copied, setCopied] = useState(false);
  return (
    <span className={styles.copy}>
      <code>{text}</code>
      <Button
        kind="quiet"
        small
        icon={Copy}
        aria-label={copied ? 'Copied' : label}
        onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
      />
      <span role="status" className={copied ? 'muted' : 'hidden'}>
        {copied ? 'copied' : ''}
      </span>
    </span>
  );
}

/** What failed, why, what to do next, and the trace id to give to whoever helps. */
export function Failure({ error, retry }: { readonly error: Error; readonly retry?: () => void }): ReactElement {
  const problem = error instanceof ApiError ? error : null;
  // What is not there comes no sooner when it is asked for again, and what helps a program is no help here.
  const isMissing = problem?.status === 404;
  return (
    <div className={styles.state} role="alert">
      <strong className={styles.failed}>
        <TriangleAlert size={16} aria-hidden /> {problem?.title ?? 'This part of the page failed'}
      </strong>
      <p>{error.message}</p>
      {problem && problem.fields.length > 0 ? (
        <ul>
          {problem.fields.map((fault) => (
            <li key={fault.field + fault.message}>
              <code>{fault.field}</code> {fault.message}
            </li>
          ))}
        </ul>
      ) : null}
      {problem?.remedy && !problem.remedy.startsWith('GET /') ? (
        <p className="muted">
          <Prose text={problem.remedy} />
        </p>
      ) : null}
      {isMissing ? <p className="muted">It may have been removed, or the address is cut off.</p> : null}
      {problem?.traceId ? (
        <p className="muted">
          Trace id: <CopyText text={problem.traceId} label="Copy the trace id" />
        </p>
      ) : null}
      {retry && !isMissing ? <Button onClick={retry}>Try again</Button> : null}
    </div>
  );
}

/** Stands for content that is on its way, in its size, so that nothing moves when it comes. @param lines of 32 pixels. */
export function Loading({ lines = 6 }: { readonly lines?: number }): ReactElement {
  return (
    <div className={styles.loading} role="status" data-loading>
      <span className="hidden">Loading…</span>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all the same
        <span key={line} className={styles.bar} style={{ width: `${92 - ((line * 37) % 40)}%` }} />
      ))}
    </div>
  );
}
