export { advanceRollout } from './advance.ts';
export { gateCourses } from './course.ts';
export { marketRoutes } from './market-routes.ts';
export { defaultPlan, planOf } from './plan.ts';
export { createRolloutService, type RolloutService } from './service.ts';
export { createRolloutStarter, type StartDeps } from './start.ts';
