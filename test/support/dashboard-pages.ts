import type { Role } from '../../contracts/keys.ts';
import { alertIds, type SeededMonth } from './month.ts';

export interface DashboardPage {
  readonly name: string;
  readonly path: string | ((month: SeededMonth) => string);
  /** Default admin; null: nobody is signed in. */
  readonly role?: Role | null;
}

/** Every page of the dashboard, over the seeded month. */
export const dashboardPages: readonly DashboardPage[] = [
  { name: 'sign-in', path: '/', role: null },
  { name: 'today', path: '/' },
  { name: 'runs', path: '/runs' },
  { name: 'system-alerts', path: '/system' },
  { name: 'system-workers', path: '/system?tab=workers' },
  { name: 'system-messages', path: '/system?tab=messages' },
  { name: 'system-events', path: '/system?tab=events' },
  { name: 'system-sources', path: '/system?tab=sources' },
  { name: 'system-keys', path: '/system?tab=keys' },
  { name: 'alert', path: `/alerts/${alertIds.run}` },
];
