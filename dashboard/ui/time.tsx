import type { ReactElement } from 'react';
import { between, duration, exact, relative, useNow } from '../format/time.ts';

/** A time in the viewer's zone: how long ago, and on hover exactly when. @param at ISO 8601; null gives a dash. */
export function Time({ at }: { readonly at: string | null | undefined }): ReactElement {
  const now = useNow();
  if (!at) return <span className="muted">–</span>;
  return (
    <time dateTime={at} title={exact(at)}>
      {relative(at, now)}
    </time>
  );
}

export interface ElapsedProps {
  readonly from: string | null | undefined;
  /** Null: it goes on, and the figure with it. */
  readonly to: string | null | undefined;
}

/** How long something took, or has taken so far. */
export function Elapsed({ from, to }: ElapsedProps): ReactElement {
  if (!from) return <span className="muted">–</span>;
  return to ? <span>{duration(between(from, to, 0))}</span> : <Running from={from} />;
}

function Running({ from }: { readonly from: string }): ReactElement {
  return <span>{duration(between(from, null, useNow(1000)))}</span>;
}
