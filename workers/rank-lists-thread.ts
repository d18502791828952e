import { workerData } from 'node:worker_threads';
import { type RankingData, type RankingTask, rankTask } from '../domain/recommend/rank-lists.ts';

/** A thread that ranks, by the data it was started with. */
export default (task: RankingTask) => rankTask(workerData as RankingData, task);
