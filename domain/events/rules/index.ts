export { applyRules } from './code.ts';
export { createRuleHandler, sweepRules } from './handler.ts';
export { createRuleService } from './service.ts';
export { inZone } from './text.ts';
