import type { Json } from '../../contracts/json.ts';
import type { TrainedOn } from '../../contracts/models.ts';
import { input, optionalInput } from '../../domain/dag/step-inputs.ts';
import { datasets } from './datasets.ts';
import { TablesOutput, ValidateOutput } from './outputs.ts';

/** The sales that a run's models learn from, for their lineage; none where the run's plan does not hand them over. */
export function salesTrainedOn(inputs: Readonly<Record<string, Json>>): TrainedOn[] {
  const sales = optionalInput(inputs, 'validate', ValidateOutput);
  if (!sales) return [];
  const { asOf, rows, firstDate: from, lastDate: to } = input(inputs, 'preprocess', TablesOutput);
  return [{ dataset: datasets.sales, rows, sha256: sales.sha256, partitions: sales.partitions, asOf, from, to }];
}
