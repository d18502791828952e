import type { JsonObject } from '../../../contracts/json.ts';
import type { ModelVersion, TrainedOn } from '../../../contracts/models.ts';
import { type GapModel, gapFormat } from '../../../domain/assortment-gap/index.ts';
import type { StepContext } from '../../../domain/ports/step-context.ts';
import { filesOf } from '../../../domain/registry/files.ts';
import { lineageOf } from '../../../domain/registry/lineage.ts';
import { heldBack } from '../../../domain/registry/promotion.ts';
import { publishVersion } from '../../../domain/registry/publish.ts';
import { gapModel } from '../datasets.ts';
import { dayNumber } from '../days.ts';
import { gapFacts, gapSignature } from '../model-facts.ts';
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

/** Keeps a model in the registry with where it came from; it is the champion unless a later one is, or its run may not promote. */
export async function registerGaps(
  context: Pick<StepContext<OffersParams>, 'services' | 'runId' | 'stepId' | 'params' | 'pipeline' | 'stepVersions'>,
  bytes: Uint8Array,
  { usage, outside }: GapModel,
  { data, ...facts }: { readonly data: readonly TrainedOn[]; readonly asOf: string } & JsonObject,
): Promise<ModelVersion> {
  const { services, runId, params } = context;
  const isHeld = params.promote === 'never';
  const artifact = await services.artifacts.putBytes(bytes);
  const { version } = await publishVersion(
    services.models,
    {
      model: gapModel,
      formatVersion: gapFormat,
      artifact,
      files: filesOf({ model: artifact }),
      signature: gapSignature,
      facts: gapFacts,
      runId,
      metrics: { boughtHere: usage.boughtHere, outsideThings: outside.things.length },
      lineage: lineageOf(context, data, facts),
    },
    (champion) => {
      if (isHeld) return { promote: false, reason: heldBack };
      return String(champion?.lineage['asOf'] ?? '') <= facts.asOf
        ? { promote: true, reason: 'the newest documents and sales' }
        : { promote: false, reason: `champion version ${champion?.version} has seen later sales` };
    },
    { otherwise: isHeld ? 'challenger' : null },
  );
  return version;
}
