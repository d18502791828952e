import { taskQueues } from '../contracts/names.ts';
import { runWorker, workflowSource } from './worker.ts';

await runWorker('control', () => ({
  taskQueue: taskQueues.control,
  ...workflowSource(),
  maxConcurrentActivityTaskExecutions: 100,
  maxConcurrentLocalActivityExecutions: 100,
}));
