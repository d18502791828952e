import { useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { isTyping } from '../ui/list-keys.ts';
import { sections } from './sections.ts';

/** A g waits so long for the key of a section. */
const chordMs = 1500;

export interface Shortcut {
  /** Pressed one after the other, or where `isEither` one of them. */
  readonly keys: readonly string[];
  readonly isEither?: boolean;
  readonly meaning: string;
}

/** Keys that work on every page, in the order they are listed. */
export const shortcuts: readonly Shortcut[] = [
  { keys: ['Ctrl K', '/'], isEither: true, meaning: 'Find anything' },
  ...sections.map(({ key, title }) => ({ keys: ['g', key], meaning: `Go to ${title}` })),
  { keys: ['j', 'k'], isEither: true, meaning: 'Next or previous row of a list' },
  { keys: ['Enter'], meaning: 'Open the row' },
  { keys: ['x'], meaning: 'Choose the row' },
  { keys: ['Esc'], meaning: 'Close what lies over the page' },
  { keys: ['?'], meaning: 'Show these keys' },
];

/** Listens for the keys of the shell. */
export function usePageKeys(actions: { readonly find: () => void; readonly help: () => void }): void {
  const router = useRouter();
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    let chordAt = Number.NEGATIVE_INFINITY;
    const onKey = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        latest.current.find();
        return;
      }
      if (isTyping(event)) return;
      const isChord = event.timeStamp - chordAt < chordMs;
      chordAt = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      const section = isChord ? sections.find(({ key }) => key === event.key) : undefined;
      if (section) router.history.push(section.href);
      else if (event.key === '/') {
        event.preventDefault();
        latest.current.find();
      } else if (event.key === '?') latest.current.help();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [router]);
}
