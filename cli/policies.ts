import type { FilledKpi, FilledPolicy, PolicyDefinition } from '../contracts/policies.ts';
import { readDefinitions } from './definition-file.ts';

/** The policies of a YAML or JSON file. */
export function readPolicies(file: string): PolicyDefinition[] {
  return readDefinitions(file, 'a policy', 'docs/how-to/retraining-policies.md');
}

/** A policy in words, a rule a line. */
export function policyText(policy: FilledPolicy): string {
  const { newData, maxAgeDays, kpis, drift, data, coolDownHours, budgetHoursPerMonth, escalation, fourEyes, mode } =
    policy;
  const lines = [
    `${policy.model}, trained by ${policy.pipeline}${mode === 'observe' ? ': only observed, nothing is carried out' : ''}`,
    `new data    ${percent(newData.share)} new labelled rows, ${newData.minAgeDays} days after the last training`,
    ...(maxAgeDays === null ? [] : [`age         data older than ${maxAgeDays} days`]),
    ...kpis.map((kpi) => `figure      ${kpiText(kpi)}`),
    ...(drift
      ? [`drift       on ${percent(drift.share)} of the columns in ${drift.windows} running: a challenger only`]
      : []),
    `data        a day under ${percent(data.minVolumeShare)} of its usual rows, or ${data.staleDays} days without, is a fault`,
    `cool-down   ${coolDownHours} h after a training`,
    `budget      ${budgetHoursPerMonth === null ? 'none' : `${budgetHoursPerMonth} training hours a month`}`,
    `escalation  after ${escalation.afterRejected} rejected challengers within ${escalation.withinDays} days`,
    `overrides   ${fourEyes ? 'need the approval of somebody else' : 'count at once'}`,
  ];
  return lines.map((line) => `  ${line}`).join('\n');
}

function kpiText({ name, market, bad, sigmas, limit, windows }: FilledKpi): string {
  const side = bad === 'low' ? 'below' : 'above';
  const fixed = limit === null ? '' : `, or ${side} ${limit},`;
  return `${name}${market ? ` of ${market}` : ''} ${sigmas} σ ${side} its season${fixed} in ${windows} running`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
