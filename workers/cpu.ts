import { taskQueues } from '../contracts/names.ts';
import { runWorker } from './worker.ts';

await runWorker('cpu', (config) => ({
  taskQueue: taskQueues.cpu,
  maxConcurrentActivityTaskExecutions: config.cpuConcurrency,
}));
