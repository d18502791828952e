import type { Role } from '../../contracts/keys.ts';
import { alertIds, runIds, type SeededMonth } from './month.ts';
import { pipelinePages } from './pipeline-pages.ts';

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
  { name: 'runs-filtered', path: '/runs?status=failed,cancelled&span=7d' },
  { name: 'run', path: ({ today }) => `/runs/${runIds.ofDay(today)}` },
  { name: 'run-succeeded', path: ({ days }) => `/runs/${runIds.ofDay(days.at(-6) ?? '')}` },
  { name: 'run-failed', path: `/runs/${runIds.failedMarket}` },
  { name: 'run-step', path: `/runs/${runIds.failedMarket}?step=predict&item=Germany` },
  { name: 'run-fan-out', path: ({ today }) => `/runs/${runIds.ofDay(today)}?step=predict` },
  { name: 'run-log', path: `/runs/${runIds.failedMarket}?tab=log` },
  { name: 'run-parameters', path: `/runs/${runIds.failedMarket}?tab=parameters` },
  { name: 'run-queued', path: `/runs/${runIds.queued}` },
  { name: 'compare', path: ({ days }) => `/compare?runs=${runIds.ofDay(days.at(-6) ?? '')},${runIds.failedMarket}` },
  { name: 'system-alerts', path: '/system' },
  { name: 'system-workers', path: '/system?tab=workers' },
  { name: 'system-queues', path: '/system?tab=queues' },
  { name: 'system-messages', path: '/system?tab=messages' },
  { name: 'system-events', path: '/system?tab=events' },
  { name: 'system-sources', path: '/system?tab=sources' },
  { name: 'system-audit', path: '/system?tab=audit' },
  { name: 'system-keys', path: '/system?tab=keys' },
  { name: 'alert', path: `/alerts/${alertIds.run}` },
  ...pipelinePages,
];
