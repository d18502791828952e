import { type RefObject, useEffect, useRef } from 'react';

export interface ListActions {
  readonly open?: (index: number) => void;
  readonly choose?: (index: number) => void;
}

/** Whether a key goes to something that is typed into, or to what lies over the page. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  return (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    target?.closest('input:not([type=checkbox]),textarea,select,[contenteditable],[role=dialog],[role=menu]') != null ||
    document.querySelector('[role=dialog],[role=alertdialog],[role=menu]') !== null
  );
}

/**
 * Keys of a list: j and k (or the arrows, once a row is current) move, Enter opens, x chooses. The first list of a page
 * takes them until another one is pointed at. Lists carry `data-list`, rows `data-row` with their index.
 */
export function useListKeys(frame: RefObject<HTMLElement | null>, actions: ListActions): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const own = frame.current;
      if (own === null || isTyping(event) || !isInUse(own)) return;
      const rows = [...own.querySelectorAll<HTMLElement>('[data-row]')];
      const current = rows.findIndex((row) => row.dataset['current'] !== undefined);
      const step =
        event.key === 'j' || event.key === 'ArrowDown' ? 1 : event.key === 'k' || event.key === 'ArrowUp' ? -1 : 0;
      if (event.key.startsWith('Arrow') && current < 0) return;
      if (step !== 0) {
        event.preventDefault();
        const next = rows[Math.min(rows.length - 1, Math.max(0, current + step))];
        if (current >= 0) delete rows[current]?.dataset['current'];
        if (!next) return;
        next.dataset['current'] = '';
        next.scrollIntoView({ block: 'nearest' });
        return;
      }
      const index = Number(rows[current]?.dataset['row'] ?? Number.NaN);
      if (Number.isNaN(index)) return;
      const isOnLink = (event.target as HTMLElement).closest('a,button') !== null;
      if (event.key === 'Enter' && !isOnLink) latest.current.open?.(index);
      if (event.key === 'x') latest.current.choose?.(index);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [frame]);
}

/** The list that holds the focus or the pointer, else the first on the page. */
function isInUse(own: HTMLElement): boolean {
  const lists = [...document.querySelectorAll<HTMLElement>('main [data-list]:has([data-row])')];
  const used =
    lists.find((list) => list.contains(document.activeElement)) ?? lists.find((list) => list.matches(':hover'));
  return (used ?? lists[0]) === own;
}
