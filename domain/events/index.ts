export { readCloudEvents } from './cloud-event.ts';
export { createDelivery } from './deliver.ts';
export { createDispatcher } from './dispatch.ts';
export { forgetOldEvents } from './forget.ts';
export { createDatasetWatcher, parsePattern } from './landing.ts';
export { createWebhookReceiver } from './receive.ts';
export { applyRules, createRuleHandler, createRuleService, inZone, sweepRules } from './rules/index.ts';
export { startFromWebhook } from './start-from-webhook.ts';
export { createWebhookSourceService } from './webhook-sources.ts';
