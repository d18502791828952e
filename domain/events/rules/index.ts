export { applyRules } from './code.ts';
export { createRuleHandler, sweepRules } from './handler.ts';
export { createRuleService, type RuleTest } from './service.ts';
