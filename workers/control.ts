import { taskQueues } from '../contracts/names.ts';
import { runMain } from './run-main.ts';
import { runWorker, workflowSource } from './worker.ts';

await runMain(() =>
  runWorker('control', () => ({
    taskQueue: taskQueues.control,
    ...workflowSource(),
    maxConcurrentActivityTaskExecutions: 100,
    maxConcurrentLocalActivityExecutions: 100,
  })),
);
