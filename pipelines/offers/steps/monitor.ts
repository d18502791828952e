import type { MetricPoint } from '../../../contracts/metrics.ts';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input, itemInputs } from '../../../domain/dag/step-inputs.ts';
import {
  countDrift,
  driftEvent,
  driftPoints,
  type NamedReport,
  qualityPoints,
} from '../../../domain/monitoring/series/index.ts';
import { datasets, offersModel } from '../datasets.ts';
import { compareLists, compareSales, type Looking, listsOf } from '../monitoring/compare.ts';
import { performanceOfLists } from '../monitoring/performance.ts';
import { volumeFindings } from '../monitoring/volumes.ts';
import { MonitorOutput, PredictOutput, ServingModelOutput, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';

/** Chance of an alarm about drift when nothing has changed, over all that a run compares. */
const level = 0.05;

/**
 * Compares the newest sales and lists with those that the model was trained on and made first, checks the quality of the data,
 * and says how the lists do; all as figures over time. Drift is told as an event.
 */
export const monitor: StepDefinition<OffersParams> = {
  title: 'Watch data and model',
  needs: ['preprocess', 'serving-model', 'predict'],
  // The lists are there without it.
  onFailure: 'continue',
  // Of one market's run nothing follows for all.
  when: 'params.market == ""',
  resources: { memoryMiB: 1024 },
  output: MonitorOutput,
  async run({ runId, inputs, services, signal, scratch, metric, log }) {
    const { asOf } = input(inputs, 'preprocess', TablesOutput);
    const { version } = input(inputs, 'serving-model', ServingModelOutput);
    const model = await services.models.get(offersModel, version);
    const at = new Date(asOf).toISOString();
    const window = { pipeline: 'offers', market: '', at, model: offersModel, modelVersion: version, runId };
    const sales = await services.lake.list(datasets.sales);
    // In some markets another version may have the lists.
    const predicted = Object.values(itemInputs(inputs, 'predict', PredictOutput)).filter(
      ({ modelVersion }) => modelVersion === version,
    );
    const looking: Looking = { services, asOf, version, model, signal, scratch, level: level / 2 };
    const lists = await listsOf(looking, predicted);
    const ofSales = await compareSales(looking, sales);
    const ofLists = await compareLists(looking, lists);
    const reports: NamedReport[] = [
      ...(ofSales.report ? [{ prefix: '', report: ofSales.report }] : []),
      ...(ofLists.report ? [{ prefix: 'prediction.', report: ofLists.report }] : []),
    ];
    const points: MetricPoint[] = reports.length > 0 ? driftPoints(window, reports) : [];
    const findings = [...ofSales.findings];
    for (const [market, found] of volumeFindings(sales, asOf)) {
      const all = market === '' ? [...ofSales.findings, ...found] : found;
      points.push(...qualityPoints({ ...window, market }, all));
      findings.push(...found);
    }
    points.push(...(await performanceOfLists(looking, lists, window)));
    const drift = countDrift(reports);
    const isDrifting = reports.some(({ report }) => report.alarm);
    await services.metricSeries.save(
      points,
      isDrifting ? [driftEvent({ pipeline: 'offers', model: offersModel, version, ...drift }, datasets.sales, at)] : [],
    );
    const left = [...ofSales.left, ...ofLists.left];
    for (const why of left) log('info', why);
    for (const { severity, text } of findings) log(severity === 'error' ? 'error' : 'warn', text);
    for (const { prefix, report } of reports)
      for (const { alarm, text } of report.columns) if (alarm) log('warn', `drift: ${prefix}${text}`);
    metric('columns', drift.columns);
    metric('drifted', drift.drifted);
    metric('findings', findings.length);
    return { modelVersion: version, ...drift, findings: findings.map(({ text }) => text), left };
  },
};
