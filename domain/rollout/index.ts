export { advanceRollout } from './advance.ts';
export { createRolloutService } from './service.ts';
