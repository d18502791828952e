import type { Role } from '../../contracts/keys.ts';
import { customerIds } from './month/offers.ts';
import { alertIds, responsePolicyId, rolloutIds, runIds, type SeededMonth } from './month.ts';
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
  { name: 'models', path: '/models' },
  { name: 'rollouts', path: '/models?tab=rollouts' },
  { name: 'model', path: '/models/offers-next-products?chosen=4,5' },
  { name: 'model-metrics', path: '/models/translation-en-de?tab=metrics' },
  { name: 'model-traffic', path: ({ days }) => `/models/translation-en-de?tab=traffic&day=${days.at(-14)}` },
  { name: 'model-aliases', path: '/models/offers-next-products?tab=aliases' },
  { name: 'model-configurations', path: '/models/translation-en-de?tab=configurations' },
  { name: 'version', path: '/models/offers-next-products/versions/5' },
  { name: 'version-card', path: '/models/offers-next-products/versions/5?tab=card' },
  { name: 'rollout', path: `/rollouts/${rolloutIds.running}` },
  { name: 'rollout-paused', path: `/rollouts/${rolloutIds.paused}` },
  { name: 'retraining', path: '/retraining' },
  { name: 'retraining-figures', path: '/retraining?tab=figures&model=offers-next-products' },
  { name: 'retraining-policies', path: '/retraining?tab=policies' },
  { name: 'decision', path: ({ days }) => `/decisions/offers.offers-next-products.${days.at(-2)}` },
  { name: 'policy', path: `/policies/${responsePolicyId}` },
  { name: 'policy-code', path: '/policies/offers' },
  { name: 'policy-versions', path: `/policies/${responsePolicyId}?tab=versions` },
  { name: 'offers', path: '/offers' },
  { name: 'market', path: '/offers/markets/France' },
  { name: 'market-offers', path: '/offers/markets/France?tab=offers&holdouts=true' },
  { name: 'market-gaps', path: '/offers/markets/France?tab=gaps' },
  { name: 'market-outside', path: '/offers/markets/France?tab=outside' },
  { name: 'market-quality', path: '/offers/markets/France?tab=quality' },
  { name: 'customer', path: () => `/offers/customers/${customerIds('France')[0]}?market=France` },
  { name: 'translate', path: '/translate' },
  { name: 'glossaries', path: '/glossaries' },
  { name: 'glossary', path: '/glossaries/retail' },
  { name: 'glossary-versions', path: '/glossaries/retail?tab=versions' },
  { name: 'glossary-imports', path: '/glossaries/retail?tab=imports' },
  { name: 'memories', path: '/memories' },
  { name: 'memory', path: '/memories/catalogue' },
  { name: 'documents', path: '/documents' },
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
