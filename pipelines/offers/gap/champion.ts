import type { JsonObject } from '../../../contracts/json.ts';
import type { ModelVersion } from '../../../contracts/models.ts';
import { type GapModel, gapFormat } from '../../../domain/assortment-gap/index.ts';
import type { StepContext } from '../../../domain/ports/step-context.ts';
import { gapModel } from '../datasets.ts';
import { dayNumber } from '../days.ts';
import type { OffersParams } from '../params.ts';

/** Share of the sentences that must be new, and days that must have gone by, for a model to be learned anew. */
const [newShare, oldAge] = [0.05, 28] as const;

/** Whether a run learns the model anew, or goes on with the one it has. */
export interface GapPlan {
  readonly learn: boolean;
  /** The model that goes on; null when there is none, or it may not. */
  readonly champion: ModelVersion | null;
  readonly reason: string;
}

/**
 * The champion goes on until 5 % of the sentences are new to it, or it is 28 days old. One that has seen sales of `asOf` or
 * later, or that this code cannot read, is of no use.
 *
 * @param sentences of the lake by batch, as they are now.
 */
export function planGaps(
  champion: ModelVersion | null,
  sentences: ReadonlyMap<string, number>,
  { train, asOf }: { train: OffersParams['train']; asOf: string },
): GapPlan {
  const learn = (reason: string): GapPlan => ({ learn: train !== 'never', champion: null, reason });
  if (train === 'always') return learn('the run asks for it (train = always)');
  if (!champion) return learn('there is no model yet');
  if (champion.formatVersion !== gapFormat) return learn(`version ${champion.version} is of another format`);
  const lineage = champion.lineage;
  const learnedAt = String(lineage['asOf'] ?? '');
  if (learnedAt > asOf) return learn(`version ${champion.version} has seen sales up to ${learnedAt}, after ${asOf}`);
  const newest = String(lineage['batch'] ?? '');
  const all = [...sentences.values()].reduce((sum, n) => sum + n, 0);
  const fresh = [...sentences].reduce((sum, [batch, n]) => sum + (batch > newest ? n : 0), 0);
  const share = fresh / Math.max(1, all);
  const age = dayNumber(asOf) - dayNumber(learnedAt);
  const state = `version ${champion.version} is ${age} days old, and ${(100 * share).toFixed(1)} % of the sentences are new to it`;
  const goesOn = train === 'never' || (share < newShare && age < oldAge);
  return { learn: !goesOn, champion, reason: state };
}

/** Keeps a model in the registry with where it came from; it is the champion unless a later one is. */
export async function registerGaps(
  { services, runId, stepId, params }: Pick<StepContext<OffersParams>, 'services' | 'runId' | 'stepId' | 'params'>,
  bytes: Uint8Array,
  { usage, outside }: GapModel,
  lineage: JsonObject & { readonly asOf: string },
): Promise<ModelVersion> {
  const { artifacts, models } = services;
  const version = await models.add({
    model: gapModel,
    formatVersion: gapFormat,
    artifact: await artifacts.putBytes(bytes),
    runId,
    metrics: { boughtHere: usage.boughtHere, outsideThings: outside.things.length },
    lineage: { run: runId, step: stepId, params: { ...params }, ...lineage },
  });
  const before = await models.byAlias(gapModel, 'champion');
  if (String(before?.lineage['asOf'] ?? '') <= lineage.asOf && before?.version !== version.version)
    await models.setAlias(gapModel, 'champion', version.version, `run ${runId}`, 'the newest documents and sales');
  return version;
}
