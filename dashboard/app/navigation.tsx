import { useRouterState } from '@tanstack/react-router';
import { LogOut, Monitor, Moon, Search, Sun } from 'lucide-react';
import type { ReactElement } from 'react';
import { Button } from '../ui/button.tsx';
import { Go } from '../ui/go.tsx';
import { Badge } from '../ui/status.tsx';
import styles from './navigation.module.css';
import { sectionOf, sections } from './sections.ts';
import { signOut, useSession } from './session.ts';
import { setTheme, type Theme, themes, useTheme } from './theme.ts';

const icons = { system: Monitor, light: Sun, dark: Moon } as const;
const nextTheme = (theme: Theme): Theme => themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';

/** The way to every section, and who is signed in. */
export function Navigation({ onFind }: { readonly onFind: () => void }): ReactElement {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const { data: session } = useSession();
  const theme = useTheme();
  const current = sectionOf(path);
  return (
    <nav className={styles.navigation} aria-label="Sections">
      <div className={styles.brand}>
        <Go href="/">
          <img src="/favicon.svg" alt="" width={20} height={20} /> Perennial
        </Go>
        {session ? <Badge tone={session.environment === 'prod' ? 'ok' : 'paused'}>{session.environment}</Badge> : null}
      </div>
      <button type="button" className={styles.find} onClick={onFind}>
        <Search size={14} aria-hidden /> Find anything <kbd>Ctrl K</kbd>
      </button>
      <ul>
        {sections.map((section) => (
          <li key={section.title}>
            <Go href={section.href} className={styles.section} aria-current={section === current ? 'page' : undefined}>
              <section.icon size={16} aria-hidden /> {section.title}
            </Go>
          </li>
        ))}
      </ul>
      <div className={styles.foot}>
        <a href="/documentation/">Documentation</a>
        <a href="/docs">API</a>
        <div className={styles.who}>
          <span title={`Signed in with the key "${session?.name}", role ${session?.role}`}>
            {session?.name} <span className="muted">{session?.role}</span>
          </span>
          <Button
            kind="quiet"
            small
            icon={icons[theme]}
            aria-label={`Colours: ${theme}. Change to ${nextTheme(theme)}`}
            onClick={() => setTheme(nextTheme(theme))}
          />
          <Button kind="quiet" small icon={LogOut} aria-label="Sign out" onClick={() => void signOut()} />
        </div>
      </div>
    </nav>
  );
}
