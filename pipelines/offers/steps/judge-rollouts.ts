import { setTimeout as delay } from 'node:timers/promises';
import { PerennialError } from '../../../contracts/errors.ts';
import { endedRollouts, type RolloutRecord } from '../../../contracts/rollouts.ts';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import type { RolloutRepository, RolloutState } from '../../../domain/ports/rollouts.ts';
import type { StepContext, StepServices } from '../../../domain/ports/step-context.ts';
import { advanceRollout, marketRoutes } from '../../../domain/rollout/index.ts';
import { customerPairs } from '../customer-pairs.ts';
import { datasets, offersModel } from '../datasets.ts';
import { dayMs } from '../days.ts';
import { type ComparedRollout, JudgedRolloutsOutput, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';

/** Pairs stored at a time. */
const batch = 5000;
/** Longest wait for pairs that others' transactions hide, milliseconds. */
const hiddenMs = 15_000;
/** Days for which the lists of a rollout that has ended are kept, for whoever wants to know why it ended so. */
const keptDays = 31;

/** Judges the lists of rollouts by what customers bought since, so that the lists of today are made by what has won. */
export const judgeRollouts: StepDefinition<OffersParams> = {
  title: 'Judge rollouts by what customers bought',
  needs: ['preprocess', 'publish'],
  resources: { memoryMiB: 1024 },
  heartbeat: '1m',
  output: JudgedRolloutsOutput,
  async run(context) {
    const { inputs, params, services, metric } = context;
    const { rollouts } = services;
    const tables = input(inputs, 'preprocess', TablesOutput);
    let pairs = 0;
    const compared: ComparedRollout[] = [];
    for (const found of await activeRollouts(rollouts)) {
      // One that a run or a person has just started begins here, so that it compares the lists of today.
      const rollout = found.status === 'queued' ? await advanceRollout(services, found.id) : found;
      if (!rollout || endedRollouts.has(rollout.status)) continue;
      const after = await judged(context, tables, rollout);
      pairs += after.pairs;
      if (after.compared && (params.market === '' || params.market === after.compared.market))
        compared.push(after.compared);
    }
    await forgetLists(context);
    metric('pairs', pairs);
    return { pairs, champion: params.market === '' ? await takenOver(context, tables.markets) : null, compared };
  },
};

async function activeRollouts(rollouts: Pick<RolloutRepository, 'list'>): Promise<RolloutRecord[]> {
  const pages = await Promise.all(
    (['queued', 'running', 'paused'] as const).map((status) =>
      rollouts.list({ model: offersModel, status }, { limit: 500 }),
    ),
  );
  return pages.flatMap((page) => page.rollouts);
}

/** Adds what customers have bought to the evidence about a rollout, and does what follows from it; what is to be compared from then on. */
async function judged(
  { services, scratch, signal, log }: StepContext<OffersParams>,
  tables: TablesOutput,
  { id, step, plan, market, base, version }: RolloutRecord,
): Promise<{ readonly pairs: number; readonly compared: ComparedRollout | null }> {
  const of: ComparedRollout = { rollout: id, market, step, base, candidate: version };
  const served = (plan.steps[step]?.share ?? 0) > 0 ? 'candidate' : 'base';
  const found = await customerPairs(services, of, tables, { served, at: services.clock.now(), scratch, signal });
  let pairs = 0;
  for (let from = 0; from < found.length; from += batch)
    pairs += await services.rollouts.addFirstComparisons(id, step, found.slice(from, from + batch));
  const state = await advanceThrough(services, id, signal);
  if (!state) return { pairs, compared: null };
  log('info', `${market}, version ${version}: ${pairs} more pairs; ${state.status}. ${state.reason}`);
  return { pairs, compared: state.finishedAt ? null : { ...of, step: state.step } };
}

/** Takes all that is known of a rollout into account. What others' transactions hide for longer is taken in by the workflow, or the next run. */
async function advanceThrough(
  services: Pick<StepServices, 'rollouts' | 'clock'>,
  id: string,
  signal: AbortSignal,
): Promise<RolloutState | null> {
  let state = await advanceRollout(services, id);
  for (let cursor = '0', from = performance.now(); state && !state.finishedAt; ) {
    if (!(await services.rollouts.hasUnread(id, state.cursor)) || performance.now() - from > hiddenMs) break;
    if (state.cursor === cursor) await delay(100, undefined, { signal });
    cursor = state.cursor;
    state = await advanceRollout(services, id);
  }
  return state;
}

/** Makes the version the champion that makes the lists of every market; null: there is none such, or it is the champion. */
async function takenOver(
  { runId, services, log }: StepContext<OffersParams>,
  markets: readonly string[],
): Promise<number | null> {
  const { models, predictions } = services;
  const traffic = await services.traffic.list();
  const routes = marketRoutes(traffic, offersModel);
  if (routes.size === 0) return null;
  const champion = await models.byAlias(offersModel, 'champion');
  const listed = (await predictions.markets()).map(({ market }) => market);
  const versions = new Set([...new Set([...markets, ...listed])].map((market) => routes.get(market)));
  const [version] = versions;
  if (versions.size !== 1 || version === undefined || version === champion?.version) return null;
  if ((await activeRollouts(services.rollouts)).length > 0) return null;
  try {
    await models.setAlias(offersModel, 'champion', version, `run ${runId}`, 'it has taken over in every market', {
      ...{ runId, expected: champion?.version ?? null },
    });
  } catch (error) {
    if (!(error instanceof PerennialError) || error.code !== 'CONFLICT') throw error;
    log('warn', `Version ${version} makes the lists of every market and is not the champion yet: ${error.message}`);
    return null;
  }
  log('info', `version ${version} has taken over in every market, and is the champion`);
  return version;
}

/** Removes the lists of rollouts that ended some time ago. */
async function forgetLists({ services: { lake, rollouts, clock } }: StepContext<OffersParams>): Promise<void> {
  const before = clock.now().getTime() - keptDays * dayMs;
  const partitions = await lake.list(datasets.comparedLists);
  for (const id of new Set(partitions.map(({ partition }) => partition['rollout'] ?? ''))) {
    const rollout = await rollouts.get(id);
    if (rollout && (rollout.finishedAt === null || Date.parse(rollout.finishedAt) >= before)) continue;
    for (const { partition } of partitions)
      if (partition['rollout'] === id) await lake.remove(datasets.comparedLists, partition);
  }
}
