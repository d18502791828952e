import type { StepDefinition } from '../../../domain/dag/index.ts';
import { ingestSales } from '../ingest.ts';
import type { OffersParams } from '../params.ts';

/** Brings what `source` holds into the lake, its columns read by `mapping`. */
export const ingest: StepDefinition<OffersParams> = {
  title: 'Ingest sales files',
  when: 'params.source != ""',
  resources: { memoryMiB: 3072 },
  timeout: '2h',
  async run({ params, services, signal, progress, metric, log }) {
    const report = await ingestSales({
      source: params.source,
      maxBadShare: params.maxBadShare,
      lake: services.lake,
      sql: services.sql,
      sources: services.sources,
      ...(params.mapping ? { mapping: params.mapping } : {}),
      signal,
      progress,
    });
    metric('rows', report.rows);
    metric('quarantined', report.quarantined);
    log(
      'info',
      report.unchanged === report.files
        ? `nothing has changed: all ${report.files} files came in before`
        : `${report.rows} rows of ${report.files - (report.unchanged ?? 0)} files, ${report.firstDate} to ${report.lastDate}, ${report.markets.length} markets`,
    );
    for (const { reason, rows } of report.reasons) log('warn', `quarantined ${rows} row(s): ${reason}`);
    for (const [table, rows] of Object.entries(report.unmatched ?? {}))
      if (rows > 0) log('warn', `${rows} row(s) have no partner in the joined table ${table}`);
    if (report.filtered) log('info', `${report.filtered} row(s) were left out by the filter of the mapping`);
    return { ...report, reasons: report.reasons.map((r) => ({ ...r })), markets: [...report.markets] };
  },
};
