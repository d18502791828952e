import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { type ReactElement, useState } from 'react';
import type { SearchAnswer } from '../../contracts/search.ts';
import { get } from '../http/client.ts';
import { useDebounced } from './debounced.ts';
import { addressOf } from './hits.ts';
import styles from './palette.module.css';
import { sections } from './sections.ts';

/** While somebody types on, nothing is asked for. */
const restMs = 120;

/** Finds anything by a few letters: sections at once, everything else by `GET /v1/search`. */
export function Palette({ onClose }: { readonly onClose: () => void }): ReactElement {
  const router = useRouter();
  const [text, setText] = useState('');
  const wanted = useDebounced(text.trim(), restMs);
  const hits = useQuery({
    queryKey: ['search', wanted],
    enabled: wanted.length > 1,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<SearchAnswer>('/v1/search', { q: wanted, limit: 20 }, signal),
  });
  const open = (href: string): void => {
    onClose();
    router.history.push(href);
  };
  const own = sections.filter(({ title }) => title.toLowerCase().includes(text.trim().toLowerCase()));
  const found = wanted.length > 1 ? (hits.data?.hits ?? []) : [];
  return (
    <Command.Dialog
      open
      onOpenChange={(next) => (next ? undefined : onClose())}
      label="Find anything"
      shouldFilter={false}
      overlayClassName={styles.overlay ?? ''}
      contentClassName={styles.palette ?? ''}
    >
      <Command.Input
        placeholder="A run, pipeline, market, customer, model, rule…"
        value={text}
        onValueChange={setText}
      />
      <Command.List>
        <Command.Empty>
          {hits.isFetching
            ? 'Looking…'
            : `Nothing is called “${wanted}”. Ids, names and parameters are looked through.`}
        </Command.Empty>
        {found.map((hit) => (
          <Command.Item
            key={`${hit.kind} ${hit.id}`}
            value={`${hit.kind} ${hit.id}`}
            onSelect={() => open(addressOf(hit))}
          >
            <span className={styles.kind}>{hit.kind}</span>
            <span className={styles.title}>{hit.title}</span>
            <span className={styles.detail}>{hit.detail}</span>
          </Command.Item>
        ))}
        {own.map((section) => (
          <Command.Item key={section.title} value={section.title} onSelect={() => open(section.href)}>
            <span className={styles.kind}>page</span>
            <span className={styles.title}>{section.title}</span>
          </Command.Item>
        ))}
      </Command.List>
    </Command.Dialog>
  );
}
