import { taskQueues } from '../contracts/names.ts';
import { runMain } from './run-main.ts';
import { runWorker } from './worker.ts';

await runMain(() =>
  runWorker('cpu', (config) => ({
    taskQueue: taskQueues.cpu,
    maxConcurrentActivityTaskExecutions: config.cpuConcurrency,
  })),
);
