import { type Static, Type } from 'typebox';
import {
  type Priority,
  priorities,
  type RunStatus,
  runStatuses,
  type Trigger,
  triggerKinds,
} from '../../../contracts/runs.ts';
import type { RunSearch } from '../../../domain/ports/run-insight.ts';
import { listOf, TimeParam } from '../../schemas.ts';

const word = { minLength: 1, maxLength: 200 } as const;

/** By what runs are found, in queries and bodies. */
export const runFilter = {
  pipeline: Type.Optional(
    Type.String({ minLength: 1, maxLength: 1_000, description: 'One, or several with commas between.' }),
  ),
  status: Type.Optional(listOf(runStatuses)),
  trigger: Type.Optional(listOf(triggerKinds)),
  priority: Type.Optional(listOf(Object.values(priorities).map(String))),
  error: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Code of its error.' })),
  text: Type.Optional(
    Type.String({ ...word, description: 'A part of its id, partition or parameters, or of who started it.' }),
  ),
  from: Type.Optional(TimeParam),
  to: Type.Optional(TimeParam),
  partition: Type.Optional(Type.String({ ...word, examples: ['2011-10-09/DE'] })),
  backfill: Type.Optional(Type.String({ ...word, description: 'Id of a backfill.' })),
};

const Filter = Type.Object(runFilter);

/** What a filter looks for. */
export function searchOf({ pipeline, status, trigger, priority, error, ...search }: Static<typeof Filter>): RunSearch {
  return {
    ...search,
    ...(pipeline === undefined ? {} : { pipelines: pipeline.split(',') }),
    ...(status === undefined ? {} : { statuses: status.split(',') as RunStatus[] }),
    ...(trigger === undefined ? {} : { triggers: trigger.split(',') as Trigger['kind'][] }),
    ...(priority === undefined ? {} : { priorities: priority.split(',').map(Number) as Priority[] }),
    ...(error === undefined ? {} : { errorCode: error }),
  };
}
