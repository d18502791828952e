import { PerennialError } from '../../../contracts/errors.ts';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { type IngestedPart, ingestMemory, ingestParallel } from '../ingest.ts';
import { IngestOutput } from '../outputs.ts';
import { parsePair } from '../pair.ts';
import type { TranslationParams } from '../params.ts';

/** Brings general text and the memories' newest versions into the lake. */
export const ingest: StepDefinition<TranslationParams> = {
  title: 'Ingest texts and memories',
  resources: { memoryMiB: 512 },
  timeout: '2h',
  output: IngestOutput,
  async run({ params, services, scratch, signal, progress, metric, log }) {
    const pair = parsePair(params.pair);
    const into = { lake: services.lake, sql: services.sql, scratch, signal };
    const jobs: (() => Promise<IngestedPart>)[] = [
      ...(params.general ? [() => ingestParallel(params.general, pair, 'train', into)] : []),
      ...(params.dev ? [() => ingestParallel(params.dev, pair, 'dev', into)] : []),
      ...params.memories.map((id) => () => ingestMemory(id, pair, services, into)),
    ];
    const parts: IngestedPart[] = [];
    for (const job of jobs) {
      parts.push(await job());
      progress(parts.length, jobs.length, 'sources');
    }
    for (const { domain, part, rows, refused } of parts) {
      log('info', `${domain} (${part}): ${rows} pairs`);
      if (refused > 0) log('warn', `${domain} (${part}): ${refused} refused, see the quarantine`);
      if (refused > params.maxBadShare * (rows + refused))
        throw new PerennialError(
          'QUARANTINE_EXCEEDED',
          `${refused} of ${rows + refused} pairs of ${domain} (${part}) are bad, above the share ${params.maxBadShare}.`,
          {
            remedy: 'Look at their reasons in the quarantine, correct the source, or raise the parameter maxBadShare.',
          },
        );
    }
    metric(
      'pairs',
      parts.reduce((sum, { rows }) => sum + rows, 0),
    );
    return { parts: parts.map((part) => ({ ...part })) };
  },
};
