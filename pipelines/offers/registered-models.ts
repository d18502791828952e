import { decodeGap, gapFormat } from '../../domain/assortment-gap/index.ts';
import { decodeResponse } from '../../domain/offer-response/index.ts';
import type { ModelKind } from '../../domain/registry/kinds.ts';
import { gapModel, offersModel } from './datasets.ts';
import { formatVersion, partsOf } from './model.ts';
import { responseFormat, responseModel } from './response/registered.ts';

/** The models that the pipeline publishes, and how their forms are told. */
export const registeredModels: readonly ModelKind[] = [
  { name: offersModel, formatVersion, makesLists: true, parts: partsOf },
  {
    name: responseModel,
    formatVersion: responseFormat,
    parts: async (artifacts, artifact) => {
      decodeResponse(await artifacts.getBytes(artifact));
      return [];
    },
  },
  {
    name: gapModel,
    formatVersion: gapFormat,
    parts: async (artifacts, artifact) => {
      decodeGap(await artifacts.getBytes(artifact));
      return [];
    },
  },
];
