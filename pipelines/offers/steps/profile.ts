import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import { encodeProfile, profileOf } from '../../../domain/monitoring/reference/index.ts';
import { datasets } from '../datasets.ts';
import { dateOf, dayNumber } from '../days.ts';
import { salesFrame } from '../monitoring/sales-frame.ts';
import { comparedDays } from '../monitoring/spans.ts';
import { ProfileOutput, ValidateOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';

/** Keeps what the sales were like that the model learns from, so that later ones can be compared with them. */
export const profile: StepDefinition<OffersParams> = {
  title: 'Profile of the training data',
  needs: ['validate', 'plan-training'],
  when: 'steps["plan-training"].output.train',
  resources: { memoryMiB: 1024 },
  output: ProfileOutput,
  async run({ params, inputs, services, signal, scratch, metric }) {
    const { asOf } = input(inputs, 'validate', ValidateOutput);
    const from = dateOf(dayNumber(asOf) - comparedDays.reference);
    const sales = (await services.lake.list(datasets.sales)).filter(
      ({ partition: { date = '' } }) => date >= from && date < asOf,
    );
    const engine = await services.sql.open({ signal, scratch, memoryMiB: 1024 });
    try {
      const frame = await salesFrame(engine, sales, { rowsPerDay: comparedDays.rowsPerDay, unit: 'day' });
      if (!frame) return { profile: null, rows: 0 };
      const made = profileOf(frame, { sampleRows: frame.rows, seed: params.seed });
      metric('rows', frame.rows);
      return { profile: { ...(await services.artifacts.putBytes(encodeProfile(made))) }, rows: frame.rows };
    } finally {
      await engine.close();
    }
  },
};
