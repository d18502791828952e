export { applySchedules } from './apply.ts';
export { createScheduleService, type ScheduleDetail } from './service.ts';
export { resolveParams, scheduleScope } from './templates.ts';
