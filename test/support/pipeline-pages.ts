import type { DashboardPage } from './dashboard-pages.ts';
import { backfillId } from './month.ts';

/** Pages of the section Pipelines, over the seeded month. */
export const pipelinePages: readonly DashboardPage[] = [
  { name: 'pipelines', path: '/pipelines' },
  { name: 'pipelines-schedules', path: '/pipelines?tab=schedules' },
  { name: 'pipelines-rules', path: '/pipelines?tab=rules' },
  { name: 'pipelines-deadlines', path: '/pipelines?tab=deadlines' },
  { name: 'pipelines-backfills', path: '/pipelines?tab=backfills' },
  { name: 'pipeline', path: '/pipelines/offers?step=predict&state=newest' },
  { name: 'pipeline-runs', path: '/pipelines/offers?tab=runs' },
  { name: 'pipeline-parameters', path: '/pipelines/offers?tab=parameters' },
  { name: 'pipeline-limits', path: '/pipelines/offers?tab=limits' },
  { name: 'pipeline-empty', path: '/pipelines/translate-document?tab=deadlines' },
  { name: 'schedule', path: '/schedules/offers-daily' },
  { name: 'schedule-paused', path: '/schedules/translation-weekly', role: 'viewer' },
  { name: 'schedule-edit', path: '/schedules/offers-daily?edit=yes' },
  { name: 'schedule-new', path: '/schedule?pipeline=translation' },
  { name: 'rule', path: '/rules/offers-when-sales-are-there' },
  { name: 'rule-groups', path: '/rules/offers-when-sales-are-there?tab=groups' },
  { name: 'rule-new', path: '/rule?pipeline=offers' },
  { name: 'rule-json', path: '/rules/offers-when-sales-are-there?edit=yes&as=json' },
  { name: 'deadline', path: '/deadlines/offers-by-morning' },
  { name: 'deadline-new', path: '/deadline?pipeline=offers' },
  { name: 'backfill', path: `/backfills/${backfillId}` },
  {
    name: 'backfill-new',
    path: ({ days }) => `/backfill?pipeline=offers&from=${days[20]}&to=${days[29]}&keys=Germany,France,Spain&mode=all`,
  },
];
