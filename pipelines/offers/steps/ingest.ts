import type { StepDefinition } from '../../../domain/dag/index.ts';
import { ingestSales } from '../ingest.ts';
import type { OffersParams } from '../params.ts';

/** Brings the files of `source` into the lake. */
export const ingest: StepDefinition<OffersParams> = {
  title: 'Ingest sales files',
  when: 'params.source != ""',
  resources: { memoryMiB: 1024 },
  timeout: '2h',
  async run({ params, services, signal, progress, metric, log }) {
    const report = await ingestSales({
      source: params.source,
      maxBadShare: params.maxBadShare,
      lake: services.lake,
      sql: services.sql,
      signal,
      progress,
    });
    metric('rows', report.rows);
    metric('quarantined', report.quarantined);
    log(
      'info',
      `${report.rows} rows of ${report.files} files, ${report.firstDate} to ${report.lastDate}, ${report.markets.length} markets`,
    );
    for (const { reason, rows } of report.reasons) log('warn', `quarantined ${rows} row(s): ${reason}`);
    return { ...report, reasons: report.reasons.map((r) => ({ ...r })), markets: [...report.markets] };
  },
};
