import { createHash } from 'node:crypto';
import type { TObject } from 'typebox';
import type { FieldFault } from '../../contracts/errors.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { Plan, PlanStep } from '../../contracts/plan.ts';
import { topologicalOrder } from '../definitions/order.ts';
import { attachedFaults } from './attached-faults.ts';
import { codeVersionOf, commandFaults } from './command.ts';
import { inspectExpression } from './conditions.ts';
import type { AnyPipeline, Duration, PipelineDefinition, StepDefinition } from './definition.ts';
import { toMs } from './duration.ts';
import { limitKeyOf } from './limits.ts';

const pipelineId = /^[a-z][a-z0-9-]{0,62}$/;
const poolName = /^[a-z][a-z0-9-]{0,62}$/;
const stepId = /^[a-z][a-zA-Z0-9_-]{0,62}$/;

/**
 * Checks a pipeline and returns it. All faults are reported at once: bad ids, unknown or circular needs, durations,
 * conditions that do not parse or that read a step which is not upstream, partitions of unknown parameters, schedules,
 * deadlines, rules, alerts, policies. DEFINITION_INVALID with `fields` named `steps.<id>.<property>`, `schedules.<n>.<property>`,
 * `deadlines.<n>.<property>`, `rules.<n>.<property>`, `alerts.<n>.<property>`, `policies.<n>.<property>`.
 */
export function definePipeline<Params extends TObject>(
  definition: PipelineDefinition<Params>,
): PipelineDefinition<Params> & AnyPipeline {
  compilePlan(definition);
  const faults = [...partitionFaults(definition), ...concurrencyFaults(definition), ...attachedFaults(definition)];
  refuse(definition.id, faults);
  return definition;
}

function partitionFaults({ params, partition }: AnyPipeline): FieldFault[] {
  return (['date', 'key'] as const).flatMap((part): FieldFault[] => {
    const name = partition?.[part];
    if (name === undefined || name in params.properties) return [];
    const known = Object.keys(params.properties).join(', ') || 'none';
    return [{ field: `partition.${part}`, value: name, message: `is not a parameter; there are ${known}` }];
  });
}

function concurrencyFaults(pipeline: AnyPipeline): FieldFault[] {
  const { concurrency, params } = pipeline;
  const faults = (['runs', 'perKey'] as const).flatMap((property): FieldFault[] => {
    const value = concurrency?.[property];
    if (value === undefined || (Number.isInteger(value) && value >= 1)) return [];
    return [{ field: `concurrency.${property}`, value, message: 'must be a whole number from 1' }];
  });
  const key = concurrency?.key;
  if (key !== undefined && !(key in params.properties)) {
    const known = Object.keys(params.properties).join(', ') || 'none';
    faults.push({ field: 'concurrency.key', value: key, message: `is not a parameter; there are ${known}` });
  }
  if (concurrency?.perKey === undefined || limitKeyOf(pipeline) !== undefined) return faults;
  return [
    ...faults,
    { field: 'concurrency.perKey', value: concurrency.perKey, message: 'needs concurrency.key or partition.key' },
  ];
}

/** Compiles a pipeline into the plain plan that a run is pinned to. Errors as {@link definePipeline}. */
export function compilePlan(pipeline: AnyPipeline): Plan {
  const faults: FieldFault[] = [];
  if (!pipelineId.test(pipeline.id)) {
    faults.push({
      field: 'id',
      value: pipeline.id,
      message: 'must be lower-case words joined by dashes, at most 63 characters',
    });
  }
  const entries = Object.entries(pipeline.steps);
  if (entries.length === 0) faults.push({ field: 'steps', message: 'must hold at least one step' });
  for (const [id, step] of entries) checkNames(id, step, pipeline, faults);
  const order = topologicalOrder(
    new Map(entries.map(([id, step]) => [id, (step.needs ?? []).filter((n) => n in pipeline.steps)])),
  );
  if (order.cycle) {
    faults.push({
      field: `steps.${order.cycle[0]}.needs`,
      value: order.cycle,
      message: `forms a cycle: ${order.cycle.join(' → ')}`,
    });
  }
  refuse(pipeline.id, faults);

  const upstream = new Map<string, Set<string>>();
  const steps = order.sorted.map((id) => {
    const step = pipeline.steps[id] as StepDefinition;
    const above = new Set(step.needs ?? []);
    for (const need of step.needs ?? []) for (const far of upstream.get(need) ?? []) above.add(far);
    upstream.set(id, above);
    return compileStep(id, step, above, faults);
  });
  refuse(pipeline.id, faults);
  const body = { formatVersion: 1 as const, pipeline: pipeline.id, steps };
  return { ...body, hash: createHash('sha256').update(JSON.stringify(body)).digest('hex') };
}

function checkNames(id: string, step: StepDefinition, pipeline: AnyPipeline, faults: FieldFault[]): void {
  if (!stepId.test(id)) {
    faults.push({
      field: `steps.${id}`,
      value: id,
      message: 'must begin with a lower-case letter and hold letters, digits, _ and - only',
    });
  }
  for (const need of step.needs ?? []) {
    if (need === id) faults.push({ field: `steps.${id}.needs`, value: need, message: 'names the step itself' });
    else if (!(need in pipeline.steps)) {
      faults.push({
        field: `steps.${id}.needs`,
        value: need,
        message: `is not a step of this pipeline; there are ${Object.keys(pipeline.steps).join(', ')}`,
      });
    }
  }
  for (const name of step.cache?.params ?? []) {
    if (!(name in pipeline.params.properties)) {
      faults.push({ field: `steps.${id}.cache.params`, value: name, message: 'is not a parameter of this pipeline' });
    }
  }
  if (step.pool && !poolName.test(step.pool.name)) {
    faults.push({
      field: `steps.${id}.pool.name`,
      value: step.pool.name,
      message: 'must be lower-case words joined by dashes',
    });
  }
  if (new Set(step.needs).size !== (step.needs ?? []).length) {
    faults.push({ field: `steps.${id}.needs`, value: step.needs, message: 'names a step twice' });
  }
}

function compileStep(id: string, step: StepDefinition, upstream: ReadonlySet<string>, faults: FieldFault[]): PlanStep {
  const at = (property: string) => `steps.${id}.${property}`;
  const ms = (property: string, duration: Duration): number => {
    const value = toMs(duration);
    if (value === null)
      faults.push({
        field: at(property),
        value: duration,
        message: 'must be a duration above 0, for example 30s, 10m or 2h',
      });
    return value ?? 1;
  };
  const number = (property: string, value: number, least: number, most: number, whole = true): number => {
    if (!(value >= least && value <= most) || (whole && !Number.isInteger(value))) {
      faults.push({
        field: at(property),
        value,
        message: `must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}`,
      });
    }
    return value;
  };
  const expression = (property: string, text: string): boolean => {
    try {
      const use = inspectExpression(text);
      for (const other of use.steps) {
        if (!upstream.has(other)) {
          faults.push({
            field: at(property),
            value: text,
            message: `reads step "${other}", which is not upstream of "${id}"; add it to needs, and write steps["name"] for a name with a dash`,
          });
        }
      }
      return use.readsStatus;
    } catch (error) {
      faults.push({
        field: at(property),
        value: text,
        message: error instanceof Error ? error.message : String(error),
      });
      return false;
    }
  };
  faults.push(...commandFaults(id, step));
  const readsStatus = step.when === undefined ? false : expression('when', step.when);
  if (step.map) {
    expression('map.over', step.map.over);
    if (step.map.key !== undefined) expression('map.key', step.map.key);
  }
  return {
    id,
    needs: [...(step.needs ?? [])],
    resource: step.resources?.class ?? 'cpu',
    memoryMiB: number('resources.memoryMiB', step.resources?.memoryMiB ?? 0, 0, 16_777_216),
    retry: {
      maximumAttempts: number('retry.attempts', step.retry?.attempts ?? 3, 1, 1000),
      initialIntervalMs: ms('retry.initial', step.retry?.initial ?? '1s'),
      backoffCoefficient: number('retry.factor', step.retry?.factor ?? 2, 1, 10, false),
      maximumIntervalMs: ms('retry.maximum', step.retry?.maximum ?? '1m'),
    },
    timeoutMs: ms('timeout', step.timeout ?? '1h'),
    heartbeatMs: ms('heartbeat', step.heartbeat ?? '30s'),
    ...(step.when === undefined ? {} : { when: step.when }),
    needsSuccess: !readsStatus,
    ...(step.map === undefined
      ? {}
      : {
          map: {
            over: step.map.over,
            ...(step.map.key === undefined ? {} : { key: step.map.key }),
            concurrency: number('map.concurrency', step.map.concurrency ?? 4, 1, 10_000),
            toleratedFailures: number('map.toleratedFailures', step.map.toleratedFailures ?? 0, 0, 1, false),
          },
        }),
    ...(step.cache === undefined
      ? {}
      : {
          cache: {
            ...(step.cache.params === undefined ? {} : { params: step.cache.params }),
            ...(step.cache.maxAge === undefined ? {} : { maxAgeMs: ms('cache.maxAge', step.cache.maxAge) }),
          },
        }),
    ...(step.pool === undefined
      ? {}
      : { pool: { name: step.pool.name, capacity: number('pool.capacity', step.pool.capacity, 1, 100_000) } }),
    onFailure: step.onFailure ?? 'fail',
    codeVersion: codeVersionOf(step),
  };
}

function refuse(pipeline: string, faults: readonly FieldFault[]): void {
  if (faults.length === 0) return;
  const list = faults.map(
    (f) => `  ${f.field}: ${f.value === undefined ? '' : `${JSON.stringify(f.value)} `}${f.message}`,
  );
  throw new PerennialError(
    'DEFINITION_INVALID',
    `Pipeline "${pipeline}" has ${faults.length} fault(s):\n${list.join('\n')}`,
    {
      fields: faults,
      remedy: 'Correct the definition; nothing was started.',
    },
  );
}
