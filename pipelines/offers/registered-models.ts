import { decodeGap, gapFormat } from '../../domain/assortment-gap/index.ts';
import { decodeResponse } from '../../domain/offer-response/index.ts';
import type { ModelKind } from '../../domain/registry/kinds.ts';
import { gapModel, offersModel } from './datasets.ts';
import { formatVersion, partsOf } from './model.ts';
import { responseFormat, responseModel } from './response/registered.ts';
import { listRollout } from './rollout-plan.ts';

/** A model that is one file, which `decode` reads. */
const oneFile =
  (decode: (bytes: Uint8Array) => unknown): ModelKind['parts'] =>
  async (artifacts, artifact) => {
    decode(await artifacts.getBytes(artifact));
    return [];
  };

/** The models that the pipeline publishes, and how their forms are told. */
export const registeredModels: readonly ModelKind[] = [
  { name: offersModel, formatVersion, makesLists: true, rollout: listRollout, parts: partsOf },
  { name: responseModel, formatVersion: responseFormat, parts: oneFile(decodeResponse) },
  { name: gapModel, formatVersion: gapFormat, parts: oneFile(decodeGap) },
];
