import type { Role } from '../../contracts/keys.ts';
import type { SeededMonth } from './month.ts';

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
];
