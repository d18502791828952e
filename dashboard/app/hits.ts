import type { SearchHit } from '../../contracts/search.ts';
import { links } from './links.ts';

const addresses: Readonly<Record<string, (id: string) => string>> = {
  run: links.run,
  pipeline: links.pipeline,
  schedule: links.schedule,
  rule: links.rule,
  deadline: links.deadline,
  backfill: links.backfill,
  market: links.market,
  customer: links.customer,
  glossary: links.glossary,
  memory: links.memory,
  model: links.model,
  rollout: links.rollout,
  decision: links.decision,
  policy: links.policy,
  alert: links.alert,
  event: links.event,
};

/** Where something of a kind is shown; what has no page of its own is shown in the system. */
export const addressOf = ({ kind, id }: Pick<SearchHit, 'kind' | 'id'>): string =>
  addresses[kind]?.(id) ?? links.system;
