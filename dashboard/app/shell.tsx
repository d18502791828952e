import { Outlet, useRouterState } from '@tanstack/react-router';
import { Menu, Search, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { lazy, type ReactElement, Suspense, useEffect, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Failure, Loading } from '../ui/states.tsx';
import { Toasts } from '../ui/toast.tsx';
import { useLive, useLiveState } from './live.ts';
import { Navigation } from './navigation.tsx';
import { useSession } from './session.ts';
import styles from './shell.module.css';
import { usePageKeys } from './shortcuts.ts';
import { SignIn } from './sign-in.tsx';

const loadPalette = () => import('./palette.tsx').then(({ Palette }) => ({ default: Palette }));
const Palette = lazy(loadPalette);
const ShortcutList = lazy(() => import('./shortcut-list.tsx').then(({ ShortcutList }) => ({ default: ShortcutList })));

/** What is around every page; without a session, the way in. */
export function Shell(): ReactElement {
  const session = useSession();
  if (session.data) return <Frame />;
  if (session.data === null) return <SignIn />;
  return (
    <main id="content" className={styles.alone}>
      {session.error ? <Failure error={session.error} retry={() => void session.refetch()} /> : <Loading lines={3} />}
    </main>
  );
}

function Frame(): ReactElement {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const [menu, setMenu] = useState(false);
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  useLive();
  usePageKeys({ find: () => setPalette(true), help: () => setHelp(true) });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes when the page changes
  useEffect(() => setMenu(false), [path]);
  // So that nothing of what is typed right after its keys is lost.
  useEffect(() => void loadPalette(), []);
  return (
    <div className={styles.frame}>
      <a href="#content" className={styles.skip}>
        Skip to the content
      </a>
      <header className={styles.bar}>
        <Dialog.Root open={menu} onOpenChange={setMenu}>
          <Dialog.Trigger asChild>
            <Button kind="quiet" icon={Menu} aria-label="Menu" />
          </Dialog.Trigger>
          <Dialog.Portal>
            <Dialog.Overlay className={styles.overlay} />
            <Dialog.Content className={styles.drawer} aria-describedby={undefined}>
              <Dialog.Title className="hidden">Menu</Dialog.Title>
              <Dialog.Close asChild>
                <Button kind="quiet" icon={X} aria-label="Close the menu" />
              </Dialog.Close>
              <Navigation onFind={() => setPalette(true)} />
            </Dialog.Content>
          </Dialog.Portal>
        </Dialog.Root>
        <strong>Perennial</strong>
        <Button kind="quiet" icon={Search} aria-label="Find anything" onClick={() => setPalette(true)} />
      </header>
      <div className={styles.side}>
        <Navigation onFind={() => setPalette(true)} />
      </div>
      <div className={styles.content}>
        <Connection />
        <Outlet />
      </div>
      <Toasts />
      <Suspense>
        {palette ? <Palette onClose={() => setPalette(false)} /> : null}
        {help ? <ShortcutList onClose={() => setHelp(false)} /> : null}
      </Suspense>
    </div>
  );
}

/** Says when what is shown may be old. */
function Connection(): ReactElement | null {
  const live = useLiveState();
  return live === 'lost' ? (
    <div className={styles.lost} role="status">
      No live connection: the page is refreshed every 15 seconds until it is back.
    </div>
  ) : null;
}
