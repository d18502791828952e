import type { PipelinePolicy } from '../../domain/dag/index.ts';
import { offersModel } from './datasets.ts';

/** When the model of next products is trained again: the defaults, with the share of lists that were right watched. */
export const offersPolicy: PipelinePolicy = {
  id: 'offers',
  title: 'Next products: new sales, and whether the lists are right',
  model: offersModel,
  kpis: [{ name: 'realised_hit' }],
  // Of all markets, on the newest sales, whatever the champion's own run was for; customers judge it market by market.
  training: { params: { train: 'always', asOf: '', market: '', promote: 'rollout' } },
};
