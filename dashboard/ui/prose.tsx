import type { ReactElement } from 'react';

/** A sentence of the API: what stands between backticks is a name or a command, and looks like one. */
export function Prose({ text }: { readonly text: string }): ReactElement {
  const parts = text.split(/`([^`]+)`/);
  return (
    <>
      {/* biome-ignore lint/suspicious/noArrayIndexKey: parts of a text stay in their places */}
      {parts.map((part, place) => (place % 2 === 1 ? <code key={place}>{part}</code> : part))}
    </>
  );
}
