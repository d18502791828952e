import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '../../contracts/json.ts';
import type { ArtifactStore } from '../../domain/ports/artifacts.ts';
import type { StepContext } from '../../domain/ports/step-context.ts';
import { fileArtifactStore } from '../../storage/artifacts/file.ts';
import { type Database, openDatabase } from '../../storage/postgres/index.ts';
import { freshDatabase } from './servers.ts';

/** A registry of its own for a step that publishes. */
export interface PublishingPlace {
  readonly database: Database;
  readonly artifacts: ArtifactStore;
  /** What a step is given; a new run each time. */
  context<Params>(given: { pipeline: string; params: Params; inputs: Record<string, unknown> }): StepContext<Params>;
  close(): Promise<void>;
}

export async function openPublishingPlace(): Promise<PublishingPlace> {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-publish-'));
  const { url, drop } = await freshDatabase();
  const database = await openDatabase({ url, pool: 3 });
  const artifacts = fileArtifactStore(folder);
  let runs = 0;
  return {
    database,
    artifacts,
    context<Params>({
      pipeline,
      params,
      inputs,
    }: {
      pipeline: string;
      params: Params;
      inputs: Record<string, unknown>;
    }) {
      const context: Partial<StepContext<Params>> = {
        ...{
          runId: `run-${++runs}`,
          stepId: 'publish',
          pipeline,
          stepVersions: { publish: '1', train: '3' },
          attempt: 1,
        },
        ...{ params, inputs: inputs as Record<string, Json>, item: undefined, signal: new AbortController().signal },
        services: { ...database, artifacts, code: { version: '1.2.3', commit: 'c0ffee' } } as never,
        ...{ progress() {}, metric() {}, log() {} },
      };
      return context as StepContext<Params>;
    },
    async close() {
      await database.close();
      await drop();
      rmSync(folder, { recursive: true });
    },
  };
}
