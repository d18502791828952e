export { applySchedules } from './apply.ts';
export { changeText } from './change-text.ts';
export { checkSchedule, examineSchedule } from './check.ts';
export { createScheduleService, type ScheduleDetail, type ScheduleService } from './service.ts';
export { resolveParams, scheduleScope } from './templates.ts';
