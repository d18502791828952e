import type { StepDefinition } from '../../../domain/dag/index.ts';
import type { OffersParams } from '../params.ts';
import { ingestOutcomes as ingest } from '../response/ingest-outcomes.ts';

/** Brings the file of `outcomes` into the lake. */
export const ingestOutcomes: StepDefinition<OffersParams> = {
  title: 'Ingest outcomes of offers',
  when: 'params.outcomes != ""',
  async run({ params, services, signal, progress, metric, log }) {
    const { outcomes, maxBadShare } = params;
    const { lake, sql } = services;
    const report = await ingest({ outcomes, maxBadShare, lake, sql, signal, progress });
    metric('offers', report.rows);
    metric('quarantined', report.quarantined);
    log('info', `${report.rows} offers of ${report.days} days, ${report.firstDate} to ${report.lastDate}`);
    for (const { reason, rows } of report.reasons) log('warn', `quarantined ${rows} offer(s): ${reason}`);
    return { ...report, reasons: report.reasons.map((r) => ({ ...r })) };
  },
};
