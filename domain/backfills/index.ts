export { decidePartition } from './decide.ts';
export { createBackfillService, startPartition } from './service.ts';
