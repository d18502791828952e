export { decidePartition } from './decide.ts';
export { checkBackfill } from './request.ts';
export { type BackfillService, createBackfillService, startPartition } from './service.ts';
