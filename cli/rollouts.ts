import { setTimeout as delay } from 'node:timers/promises';
import { baseOf, candidateOf, type RolloutEvent, type RolloutRecord, type RolloutStep } from '../contracts/rollouts.ts';
import { variantName } from '../contracts/traffic.ts';
import type { ApiClient } from './client.ts';
import { type Terminal, table, time } from './terminal.ts';

/** A rollout as `GET /v1/rollouts/:id` shows it. */
export interface RolloutShown extends RolloutRecord {
  readonly events: readonly RolloutEvent[];
}

const lookMs = 1000;

/** Follows a rollout to its end; says what happens to it. */
export async function waitForRollout(api: ApiClient, id: string, terminal: Terminal): Promise<RolloutShown> {
  for (let said = 0; ; await delay(lookMs)) {
    const rollout = await api.get<RolloutShown>(`/v1/rollouts/${encodeURIComponent(id)}`);
    for (const { text } of rollout.events.slice(said)) terminal.note(text);
    said = rollout.events.length;
    if (rollout.finishedAt !== null) return rollout;
  }
}

/** The model, and the market whose lists it is about. */
export function subjectOf({ model, market }: RolloutRecord): string {
  return market === '' ? model : `${model} in ${market}`;
}

export function startedText(rollout: RolloutRecord): string {
  const { id, version, base } = rollout;
  return `Rollout ${id} brings version ${version} of ${subjectOf(rollout)} in, in place of version ${base}.`;
}

/** How a rollout stands, in a line. */
export function stageOf({ status, step, plan }: RolloutRecord): string {
  if (status !== 'running' && status !== 'paused') return status;
  return `${status}, ${shareOf(plan.steps[step])} (step ${step + 1} of ${plan.steps.length})`;
}

function shareOf(step: RolloutStep | undefined): string {
  if (step === undefined) return '';
  return step.share === 0 ? 'shadow' : `${Math.round(step.share * 1000) / 10} %`;
}

export function rolloutText(rollout: RolloutShown): string {
  const { id, reason, readings, events } = rollout;
  return [
    `${subjectOf(rollout)} version ${variantName(candidateOf(rollout))}, in place of version ${variantName(baseOf(rollout))}: ${stageOf(rollout)}`,
    `  ${reason}`,
    '',
    ...(readings.length === 0
      ? []
      : [
          table(
            ['gate', 'state', 'pairs', 'reading'],
            readings.map(({ gate, state, count, text }) => [gate, state, count, text.slice(gate.length + 2)]),
            { right: ['pairs'] },
          ),
          '',
        ]),
    table(
      ['when', 'what', 'by', ''],
      events.map(({ at, type, by, text }) => [time(at), type, by, text]),
    ),
    '',
    `rollout ${id}`,
  ].join('\n');
}
