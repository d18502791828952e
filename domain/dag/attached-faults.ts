import type { FieldFault } from '../../contracts/errors.ts';
import { examineAlert } from '../alerts/check.ts';
import { examineDeadline } from '../deadlines/check.ts';
import { examineRule } from '../events/rules/check.ts';
import { examinePolicy } from '../monitoring/retraining/check-policy.ts';
import { examineSchedule } from '../schedules/check.ts';
import type { AnyPipeline } from './definition.ts';

/** Faults of what stands beside the steps of a pipeline: schedules, deadlines, rules, alerts and policies. */
export function attachedFaults(pipeline: AnyPipeline): FieldFault[] {
  const { id, schedules, deadlines, rules, alerts, policies } = pipeline;
  const itself = new Map([[id, pipeline]]);
  return [
    ...faultsOf(
      'schedules',
      'schedule',
      schedules,
      (given) => examineSchedule({ ...given, pipeline: id }, itself).faults,
    ),
    ...faultsOf(
      'deadlines',
      'deadline',
      deadlines,
      (given) => examineDeadline({ ...given, pipeline: id }, itself).faults,
    ),
    ...faultsOf('rules', 'rule', rules, (given) => examineRule(given, itself, id).faults.filter(isOfThis)),
    ...faultsOf('alerts', 'alert', alerts, (given) => examineAlert(given).faults),
    ...faultsOf('policies', 'policy', policies, (given) => examinePolicy({ ...given, pipeline: id }, itself).faults),
  ];
}

/** Rules may start other pipelines, which only the registry knows: those are checked when the rules are applied. */
function isOfThis({ field, value }: FieldFault): boolean {
  return !(/^actions\.\w+\.\d+\.start\.pipeline$/.test(field) && typeof value === 'string');
}

function faultsOf<Given extends { readonly id: string }>(
  property: string,
  kind: string,
  list: readonly Given[] = [],
  examine: (given: Given) => readonly FieldFault[],
): FieldFault[] {
  return list.flatMap((given, i): FieldFault[] => {
    const faults = [...examine(given)];
    if (list.findIndex(({ id }) => id === given.id) < i)
      faults.push({ field: 'id', value: given.id, message: `is the id of an earlier ${kind} too` });
    return faults.map((fault) => ({ ...fault, field: `${property}.${i}.${fault.field}` }));
  });
}
