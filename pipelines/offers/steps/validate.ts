import { PerennialError } from '../../../contracts/errors.ts';
import { dataOf, observedSeries } from '../../../contracts/retraining.ts';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { datasets } from '../datasets.ts';
import { dateOf, dayNumber } from '../days.ts';
import { ValidateOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';
import { partitionsHash } from '../partitions-hash.ts';

/** Data older than this by `asOf` is worth a warning. */
const staleDays = 3;
/** A newest day under this share of the usual volume is worth one too. */
const lowShare = 0.2;

/** Days whose rows are kept with each run; those before are there from earlier runs. */
const keptDays = 460;

/** Resolves `asOf`, and looks whether the sales are fresh and as many as usual. */
export const validate: StepDefinition<OffersParams> = {
  title: 'Check freshness and volume',
  needs: ['ingest'],
  output: ValidateOutput,
  async run({ runId, params, services, metric, log }) {
    const partitions = await services.lake.list(datasets.sales);
    const rowsOf = new Map<string, number>();
    for (const { partition, rows } of partitions) {
      const date = partition['date'] ?? '';
      if (params.asOf === '' || date < params.asOf) rowsOf.set(date, (rowsOf.get(date) ?? 0) + rows);
    }
    const dates = [...rowsOf.keys()].sort();
    const newest = dates.at(-1);
    if (newest === undefined) {
      throw new PerennialError(
        'DATA_MISSING',
        `The lake holds no sales${params.asOf ? ` before ${params.asOf}` : ''}.`,
        {
          remedy: 'Run `perennial ingest offers --source DIR`, or give the run the parameter source.',
        },
      );
    }
    const asOf = params.asOf || dateOf(dayNumber(newest) + 1);
    const ageDays = dayNumber(asOf) - 1 - dayNumber(newest);
    const usual = median(dates.slice(-29, -1).map((date) => rowsOf.get(date) ?? 0));
    const volume = rowsOf.get(newest) ?? 0;
    const warnings = [
      ...(ageDays > staleDays ? [`the newest sales are of ${newest}, ${ageDays} days before the day wanted`] : []),
      ...(usual > 0 && volume < lowShare * usual ? [`${newest} has ${volume} rows, usual are ${usual}`] : []),
    ];
    for (const warning of warnings) log('warn', warning);
    metric('age_days', ageDays);
    metric('newest_day_rows', volume);
    // What retraining policies tell an outage by.
    await services.kpis.save(
      dates.slice(-keptDays).map((date) => ({
        pipeline: dataOf('offers'),
        market: '',
        date,
        name: observedSeries.volume,
        value: rowsOf.get(date) ?? 0,
        runId,
      })),
    );
    const sha256 = partitionsHash(partitions.filter(({ partition }) => (partition['date'] ?? '') < asOf));
    return { asOf, newest, ageDays, partitions: partitions.length, sha256, warnings };
  },
};

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
