export { applyDeadlines } from './code.ts';
export { createDeadlineService } from './service.ts';
export { sweepDeadlines } from './sweep.ts';
