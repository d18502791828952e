import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import type { ComponentType, ReactElement } from 'react';
import { parseSearch, stringifySearch } from './app/address.ts';
import { links } from './app/links.ts';
import { Shell } from './app/shell.tsx';
import { Go } from './ui/go.tsx';
import { Page } from './ui/page.tsx';
import { Failure, Loading } from './ui/states.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

type Pages = () => Promise<{ readonly default: ComponentType }>;

/** Each page is fetched when it is first opened. */
const pages: Readonly<Record<string, Pages>> = {
  '/': () => import('./pages/today/index.tsx'),
  '/runs': () => import('./pages/runs/index.tsx'),
  '/models': () => import('./pages/models/index.tsx'),
  '/models/$id': () => import('./pages/models/model.tsx'),
  '/models/$id/versions/$version': () => import('./pages/models/version.tsx'),
  '/rollouts/$id': () => import('./pages/rollouts/index.tsx'),
  '/retraining': () => import('./pages/retraining/index.tsx'),
  '/decisions/$id': () => import('./pages/retraining/decision.tsx'),
  '/policies/$id': () => import('./pages/retraining/policy.tsx'),
  '/offers': () => import('./pages/offers/index.tsx'),
  '/offers/markets/$id': () => import('./pages/offers/market.tsx'),
  '/offers/customers/$id': () => import('./pages/offers/customer.tsx'),
  '/translate': () => import('./pages/translate/index.tsx'),
  '/glossaries': () => import('./pages/glossaries/index.tsx'),
  '/glossaries/$id': () => import('./pages/glossaries/one.tsx'),
  '/memories': () => import('./pages/memories/index.tsx'),
  '/memories/$id': () => import('./pages/memories/one.tsx'),
  '/documents': () => import('./pages/documents/index.tsx'),
  '/runs/$id': () => import('./pages/runs/run.tsx'),
  '/compare': () => import('./pages/compare/index.tsx'),
  '/pipelines': () => import('./pages/pipelines/index.tsx'),
  '/pipelines/$id': () => import('./pages/pipelines/pipeline/index.tsx'),
  '/schedule': () => import('./pages/pipelines/schedules/new.tsx'),
  '/schedules/$id': () => import('./pages/pipelines/schedules/index.tsx'),
  '/rule': () => import('./pages/pipelines/rules/new.tsx'),
  '/rules/$id': () => import('./pages/pipelines/rules/index.tsx'),
  '/deadline': () => import('./pages/pipelines/deadlines/new.tsx'),
  '/deadlines/$id': () => import('./pages/pipelines/deadlines/index.tsx'),
  '/backfill': () => import('./pages/pipelines/backfills/wizard.tsx'),
  '/backfills/$id': () => import('./pages/pipelines/backfills/index.tsx'),
  '/system': () => import('./pages/system/index.tsx'),
  '/alerts/$id': () => import('./pages/system/alert.tsx'),
};

const routes = Object.entries(pages).map(([path, load]) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(load),
    errorComponent: ({ error, reset }) => (
      <Page title="Something went wrong">
        <Failure error={error instanceof Error ? error : new Error(String(error))} retry={reset} />
      </Page>
    ),
    pendingComponent: () => (
      <Page title="Loading">
        <Loading />
      </Page>
    ),
  }),
);

/** What stands at which address. */
export const router = createRouter({
  routeTree: root.addChildren(routes),
  parseSearch,
  stringifySearch,
  scrollRestoration: true,
  defaultPendingMs: 200,
});

function NotFound(): ReactElement {
  return (
    <Page title="There is no such page" answer="The address may be old, or cut off.">
      <p>
        Find what you look for with <kbd>Ctrl K</kbd> or the lens above, or begin with <Go href={links.today}>today</Go>
        , <Go href={links.runs}>runs</Go> or <Go href={links.pipelines}>pipelines</Go>.
      </p>
    </Page>
  );
}
