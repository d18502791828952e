import type { StepDefinition } from '../../../domain/dag/index.ts';
import { ingestDocuments as ingest } from '../documents/ingest.ts';
import type { OffersParams } from '../params.ts';

/** Brings customers' documents of the folder `documents` into the lake. In a process of its own: files of strangers are read. */
export const ingestDocuments: StepDefinition<OffersParams> = {
  title: 'Ingest customers’ documents',
  when: 'params.documents != ""',
  isolation: 'process',
  resources: { memoryMiB: 1024 },
  async run({ params, services, signal, progress, metric, log }) {
    const { documents, maxBadDocuments: maxBadShare } = params;
    const { lake, sql, clock } = services;
    const report = await ingest({ documents, maxBadShare, now: clock.now(), lake, sql, signal, progress });
    metric('documents', report.documents);
    metric('quarantined', report.quarantined);
    log(
      'info',
      `${report.documents} new or changed documents of ${report.customers} customers, ${report.sentences} sentences; ${report.unchanged} unchanged`,
    );
    for (const { file, reason } of report.faults) log('warn', `quarantined ${file}: ${reason}`);
    if (report.others > 0) log('info', `${report.others} file(s) of other kinds were passed over`);
    return { ...report, languages: { ...report.languages }, faults: report.faults.map((fault) => ({ ...fault })) };
  },
};
