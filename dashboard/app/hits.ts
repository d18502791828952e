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
  document: () => links.documents,
  partition: (id) => `${links.runs}?partition=${encodeURIComponent(id)}`,
  product: () => links.offers,
  version: (id) => links.version(before(id), after(id)),
  step: (id) => `${links.pipeline(before(id))}?step=${encodeURIComponent(after(id))}`,
  'alert-definition': () => `${links.system}?tab=alerts`,
  'dead-letters': () => `${links.system}?tab=events`,
  notifications: () => `${links.system}?tab=messages&state=failed`,
  worker: () => `${links.system}?tab=workers`,
  workers: () => `${links.system}?tab=workers`,
};

const before = (id: string): string => id.slice(0, id.lastIndexOf('/'));
const after = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

/** Where something of a kind is shown; what has no page of its own is shown in the system. */
export const addressOf = ({ kind, id }: { readonly kind: string; readonly id: string }): string =>
  addresses[kind]?.(id) ?? links.system;
