export { applyAlerts } from './code.ts';
export { createAlertDefinitionService } from './definition-service.ts';
export { alertRound } from './round.ts';
export { createAlertService } from './service.ts';
