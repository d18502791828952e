import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '../../contracts/json.ts';
import type { ArtifactStore } from '../../domain/ports/artifacts.ts';
import type { StepContext } from '../../domain/ports/step-context.ts';
import { kindsOf } from '../../domain/registry/kinds.ts';
import { createRolloutService, type RolloutService } from '../../domain/rollout/index.ts';
import { pipelines } from '../../pipelines/index.ts';
import { fileArtifactStore } from '../../storage/artifacts/file.ts';
import { type Database, openDatabase } from '../../storage/postgres/index.ts';
import { openTemporal } from '../../storage/temporal/launcher.ts';
import { freshDatabase, temporalAddress } from './servers.ts';

/** A registry of its own for a step that publishes. */
export interface PublishingPlace {
  readonly database: Database;
  /** Of the database. */
  readonly url: string;
  readonly artifacts: ArtifactStore;
  /** Starts rollouts and changes them; no worker watches them. */
  readonly rollouts: RolloutService;
  /** What a step is given; a new run each time. */
  context<Params>(given: {
    pipeline: string;
    params: Params;
    inputs: Record<string, unknown>;
    /** Default: a new one. */
    runId?: string;
  }): StepContext<Params>;
  close(): Promise<void>;
}

export async function openPublishingPlace(): Promise<PublishingPlace> {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-publish-'));
  const { url, drop } = await freshDatabase();
  const database = await openDatabase({ url, pool: 3 });
  const artifacts = fileArtifactStore(folder);
  const temporal = await openTemporal({ address: temporalAddress(), namespace: 'default' });
  const rollouts = createRolloutService({
    ...{ ...database, rolloutLauncher: temporal.rolloutLauncher },
    ...{ clock: { now: () => new Date() }, kinds: kindsOf(pipelines.values()) },
  });
  let runs = 0;
  return {
    database,
    url,
    artifacts,
    rollouts,
    context<Params>({
      pipeline,
      params,
      inputs,
      runId = `run-${++runs}`,
    }: {
      pipeline: string;
      params: Params;
      inputs: Record<string, unknown>;
      runId?: string;
    }) {
      const context: Partial<StepContext<Params>> = {
        ...{
          runId,
          stepId: 'publish',
          pipeline,
          stepVersions: { publish: '1', train: '3' },
          attempt: 1,
        },
        ...{ params, inputs: inputs as Record<string, Json>, item: undefined, signal: new AbortController().signal },
        services: {
          ...database,
          artifacts,
          rolloutStarter: rollouts,
          code: { version: '1.2.3', commit: 'c0ffee' },
        } as never,
        ...{ progress() {}, metric() {}, log() {} },
      };
      return context as StepContext<Params>;
    },
    async close() {
      await Promise.all([database.close(), temporal.close()]);
      await drop();
      rmSync(folder, { recursive: true });
    },
  };
}
