import { join } from 'node:path';
import { createProgramRunner } from '../activities/program-runner.ts';
import { resilient } from '../activities/resilience.ts';
import { type Config, environmentWith, sourceSecret } from '../config/index.ts';
import { PerennialError } from '../contracts/errors.ts';
import { dataFindings, driftHistory } from '../domain/monitoring/series/index.ts';
import type { SourceReader } from '../domain/ports/sources.ts';
import type { StepServices } from '../domain/ports/step-context.ts';
import { duckdbEngine } from '../engines/duckdb/engine.ts';
import { threadPools } from '../engines/threads/pools.ts';
import { fileArtifactStore, fileCheckpointStore, fileDocumentFiles } from '../storage/artifacts/file.ts';
import { fileLake } from '../storage/lake/file.ts';
import { type Database, openDatabase } from '../storage/postgres/index.ts';
import { createSourceReader } from '../storage/sources/index.ts';
import { codeVersion } from './code-version.ts';
import { composeRolloutStarter } from './compose-rollouts.ts';

export interface Composed {
  readonly services: StepServices;
  readonly database: Database;
  /** Folder for the scratch folders of steps. */
  readonly scratch: string;
  close(): Promise<void>;
}

/** The reader of sources as the configuration says it. */
export function composeSources({ s3Endpoint, s3Region }: Pick<Config, 's3Endpoint' | 's3Region'>): SourceReader {
  return createSourceReader({ s3: { endpoint: s3Endpoint, region: s3Region }, secret: sourceSecret });
}

/** Wires what steps use from the configuration. CONFIG_INVALID when no database is configured. */
export async function composeServices(config: Config): Promise<Composed> {
  if (!config.databaseUrl) {
    throw new PerennialError('CONFIG_INVALID', 'DATABASE_URL is not set.', {
      remedy: 'Set it, or start embedded servers with `npm start` or `perennial up`.',
    });
  }
  const database = await openDatabase({
    url: config.databaseUrl,
    pool: config.databasePool,
    secretKey: config.secretKey,
  });
  const metricSeries = resilient(database.metricSeries);
  const clock = { now: () => new Date() };
  const stores = {
    models: resilient(database.models),
    configurations: resilient(database.configurations),
    rollouts: resilient(database.rollouts),
    traffic: resilient(database.traffic),
    predictions: resilient(database.predictions),
  };
  const rollouts = composeRolloutStarter(config, { ...stores, clock });
  return {
    database,
    scratch: join(config.home, 'scratch'),
    services: {
      ...stores,
      clock,
      rolloutStarter: rollouts.starter,
      code: codeVersion(),
      artifacts: fileArtifactStore(config.artifacts),
      checkpoints: fileCheckpointStore(join(config.home, 'checkpoints')),
      lake: fileLake(config.lake),
      sql: duckdbEngine({}),
      threads: threadPools({ 'rank-lists': new URL('./rank-lists-thread.js', import.meta.url) }),
      sources: composeSources(config),
      programs: createProgramRunner(environmentWith({})),
      memories: resilient(database.memories),
      glossaries: resilient(database.glossaries),
      documents: resilient(database.documents),
      documentFiles: fileDocumentFiles(join(config.artifacts, 'documents')),
      kpis: resilient(database.kpis),
      decisions: resilient(database.decisions),
      policies: resilient(database.policies),
      trainings: resilient(database.trainings),
      drift: driftHistory(metricSeries),
      findings: dataFindings(metricSeries),
      metricSeries,
      chosenOffers: resilient(database.chosenOffers),
      outcomes: resilient(database.outcomes),
      gaps: resilient(database.gaps),
    },
    async close() {
      await rollouts.close();
      await database.close();
    },
  };
}
