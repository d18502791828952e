import { Type } from 'typebox';
import { TriggerKind } from '../../../contracts/runs.ts';
import { Status, TimeParam } from '../../schemas.ts';

const Id = { minLength: 1, maxLength: 200 } as const;

/** By what runs are found, in queries and bodies. */
export const runFilter = {
  pipeline: Type.Optional(Type.String()),
  status: Type.Optional(
    Type.Union([Status, Type.Array(Status, { minItems: 1 })], { description: 'One, or the name several times.' }),
  ),
  trigger: Type.Optional(TriggerKind),
  text: Type.Optional(
    Type.String({ ...Id, description: 'Part of the id, the partition, who or what started it, or the error.' }),
  ),
  from: Type.Optional(TimeParam),
  to: Type.Optional(TimeParam),
  partition: Type.Optional(Type.String({ ...Id, examples: ['2011-10-09/DE'] })),
  backfill: Type.Optional(Type.String({ ...Id, description: 'Id of a backfill.' })),
};
