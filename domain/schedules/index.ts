export { applySchedules } from './apply.ts';
export { changeText } from './change-text.ts';
export { createScheduleService, type ScheduleDetail } from './service.ts';
export { resolveParams, scheduleScope } from './templates.ts';
