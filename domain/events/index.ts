export { readCloudEvents } from './cloud-event.ts';
export { createDelivery } from './deliver.ts';
export { checkEventExpression } from './expressions.ts';
export { createDatasetWatcher, createLandingTracker, parsePattern } from './landing.ts';
export { applyRules, createRuleHandler, createRuleService, type RuleTest, sweepRules } from './rules/index.ts';
export { signatureOf, verifySignature, type WebhookRequest } from './signatures.ts';
export { startFromWebhook } from './start-from-webhook.ts';
export { slackChallenge, webhookEvent } from './webhook-event.ts';
