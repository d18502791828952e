export { advanceRollout } from './advance.ts';
export { checkPlan, defaultPlan } from './plan.ts';
export { createRolloutService, type RolloutRequest, type RolloutService } from './service.ts';
