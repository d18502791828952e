import { createHash } from 'node:crypto';
import { type DeadlineDefinition, DeadlineSchema, weekdays } from '../../contracts/deadlines.ts';
import { type FieldFault, PerennialError } from '../../contracts/errors.ts';
import type { AnyPipeline, Duration } from '../dag/definition.ts';
import { toMs } from '../dag/duration.ts';
import { schemaFaults } from '../dag/params.ts';
import type { NewDeadline } from '../ports/deadlines.ts';
import { zoneName } from '../schedules/zone.ts';

/** Ids that are paths of the API. */
const reserved = ['diff'];
const leastWarnMs = 60_000;
const mostWarnMs = 7 * 86_400_000;

/** A definition that holds, with all defaults filled in. */
export type CheckedDeadline = Omit<NewDeadline, 'origin'>;

/** Checks a deadline; VALIDATION_FAILED with every fault and its field. */
export function checkDeadline(given: DeadlineDefinition, pipelines: ReadonlyMap<string, AnyPipeline>): CheckedDeadline {
  const { faults, checked } = examineDeadline(given, pipelines);
  if (checked) return checked;
  const list = faults.map(
    (f) => `${f.field} ${f.value === undefined ? '' : `${JSON.stringify(f.value)} `}${f.message}`,
  );
  throw new PerennialError('VALIDATION_FAILED', `Deadline "${given.id}": ${list.join('; ')}.`, {
    fields: faults,
    remedy: 'Correct the fields named; the deadline was left as it was.',
  });
}

/** The faults of a deadline, each with its field; or what it means when there are none. */
export function examineDeadline(
  given: DeadlineDefinition,
  pipelines: ReadonlyMap<string, AnyPipeline>,
): { faults: FieldFault[]; checked?: CheckedDeadline } {
  const faults = schemaFaults(DeadlineSchema, given);
  if (faults.length > 0) return { faults };
  const fault = (field: string, value: FieldFault['value'], message: string): void => {
    faults.push({ field, ...(value === undefined ? {} : { value }), message });
  };
  if (reserved.includes(given.id)) fault('id', given.id, 'is taken by the API itself');
  const zone = zoneName(given.zone);
  if (!zone) fault('zone', given.zone, 'is not an IANA time zone such as Europe/Berlin');
  if (new Set(given.days).size < (given.days?.length ?? 0)) fault('days', given.days, 'names a day twice');
  const warnMs = toMs((given.warnAhead ?? '1d') as Duration) ?? 0;
  if (warnMs < leastWarnMs || warnMs > mostWarnMs) fault('warnAhead', given.warnAhead, 'must be from 1m to 7d');
  const pipeline = pipelines.get(given.pipeline);
  if (pipeline) faults.push(...partitionFaults(given, pipeline));
  else fault('pipeline', given.pipeline, `is not a pipeline here; there are ${[...pipelines.keys()].join(', ')}`);
  if (faults.length > 0) return { faults };

  // In a fixed order, so that equal definitions are equal text.
  const definition: DeadlineDefinition = {
    id: given.id,
    pipeline: given.pipeline,
    ...(given.key === undefined ? {} : { key: given.key }),
    by: given.by,
    zone: zone ?? given.zone,
    days: weekdays.filter((day) => !given.days || given.days.includes(day)),
    dayOffset: given.dayOffset ?? 0,
    warnAhead: given.warnAhead ?? '1d',
  };
  const hash = createHash('sha256').update(JSON.stringify(definition)).digest('hex');
  return { faults, checked: { definition, hash } };
}

function partitionFaults({ key, dayOffset = 0 }: DeadlineDefinition, pipeline: AnyPipeline): FieldFault[] {
  const { partition } = pipeline;
  const faults: FieldFault[] = [];
  if (dayOffset !== 0 && !partition) {
    const message = `does not fit: "${pipeline.id}" has no partitions, so what ends on the day counts`;
    faults.push({ field: 'dayOffset', value: dayOffset, message });
  }
  if (key === undefined) return faults;
  const schema = partition?.key === undefined ? undefined : pipeline.params.properties[partition.key];
  if (!schema) {
    const divided = partition ? 'is divided by day only' : 'has no partitions';
    return [...faults, { field: 'key', value: key, message: `does not fit: "${pipeline.id}" ${divided}` }];
  }
  const message = `is not a value of the parameter ${partition?.key}`;
  return [
    ...faults,
    ...schemaFaults(schema, key).map((f) => ({ field: 'key', value: key, message: `${message}: ${f.message}` })),
  ];
}
