import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InjectOptions, LightMyRequestResponse as Response } from 'fastify';
import { expect } from 'vitest';
import { buildApp } from '../../api/app.ts';
import type { App } from '../../api/app-type.ts';
import type { AppDependencies } from '../../api/dependencies.ts';
import { newKey } from '../../api/plugins/auth.ts';
import type { Role } from '../../contracts/keys.ts';
import { dataFindings, driftHistory } from '../../domain/monitoring/series/index.ts';
import type { ArtifactStore } from '../../domain/ports/artifacts.ts';
import type { DocumentFiles } from '../../domain/ports/documents.ts';
import type { Lake } from '../../domain/ports/lake.ts';
import { duckdbEngine } from '../../engines/duckdb/engine.ts';
import { pipelines } from '../../pipelines/index.ts';
import { marketLists } from '../../pipelines/offers/market-lists.ts';
import { purchases } from '../../pipelines/offers/purchases.ts';
import { fileArtifactStore, fileDocumentFiles } from '../../storage/artifacts/file.ts';
import { fileLake } from '../../storage/lake/file.ts';
import { type Database, openDatabase } from '../../storage/postgres/index.ts';
import { openRedis, pingRedis } from '../../storage/redis/connection.ts';
import { openDeliveryStates } from '../../storage/redis/delivery-queue.ts';
import { openTemporal, type Temporal } from '../../storage/temporal/launcher.ts';
import { composeTranslation } from '../../workers/compose-translation.ts';
import { freshDatabase, redisUrl, temporalAddress } from '../support/servers.ts';

export interface OpenApi {
  readonly app: App;
  readonly database: Database;
  readonly temporal: Temporal;
  readonly artifacts: ArtifactStore;
  readonly lake: Lake;
  readonly documentFiles: DocumentFiles;
  /** Where they are: a folder for each document. */
  readonly documentFolder: string;
  readonly url: string;
  /** A secret key per role. */
  readonly keys: Readonly<Record<Role, string>>;
  makeKey(role: Role, expiresAt?: Date | null): Promise<{ key: string; id: string }>;
  call(method: string, path: string, options?: CallOptions): Promise<Response>;
  /** What a viewer reads; it must be there. */
  read<T>(path: string): Promise<T>;
  /** Another API on the same database. */
  rebuild(more?: Partial<AppDependencies>): Promise<App>;
  close(): Promise<void>;
}

export interface CallOptions {
  /** Default: the administrator's; null: none. */
  readonly key?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The API on a database of its own, with the real Redis and Temporal. No worker runs, so runs stay where they are.
 *
 * @param given takes the place of what is wired here.
 */
export async function openApi(
  given:
    | Partial<AppDependencies>
    | ((database: Database, artifacts: ArtifactStore) => Promise<Partial<AppDependencies>>) = {},
): Promise<OpenApi> {
  const { url, drop } = await freshDatabase();
  const database = await openDatabase({ url, pool: 5, secretKey: randomBytes(32) });
  const redis = openRedis(redisUrl());
  const temporal = await openTemporal({ address: temporalAddress(), namespace: 'default' });
  const deliveryStates = openDeliveryStates({ url: redisUrl() });
  const folder = mkdtempSync(join(tmpdir(), 'perennial-artifacts-'));
  const artifacts = fileArtifactStore(folder);
  const overrides = typeof given === 'function' ? await given(database, artifacts) : given;
  const lake = fileLake(join(folder, 'lake'));
  const documentFolder = join(folder, 'documents');
  const documentFiles = fileDocumentFiles(documentFolder);
  const translation = composeTranslation(
    { servingMiB: 256, servingThreads: 1, translateMaxWaitMs: 2000 },
    database,
    artifacts,
  );
  const rebuild = (more: Partial<AppDependencies> = {}) =>
    buildApp({
      ...database,
      pipelines,
      launcher: temporal.launcher,
      schedules: temporal.schedules,
      backfillLauncher: temporal.backfillLauncher,
      rolloutLauncher: temporal.rolloutLauncher,
      retrainingLauncher: temporal.retrainingLauncher,
      taskQueueStates: temporal.taskQueueStates,
      deliveryStates,
      drift: driftHistory(database.metricSeries),
      findings: dataFindings(database.metricSeries),
      redis,
      documentFiles,
      environment: 'dev',
      linkSecret: randomBytes(32),
      aliasPolicy: { champion: 'admin' },
      modelHistoryDays: 90,
      code: { version: '0.0.0', commit: null },
      artifacts,
      marketLists: marketLists({ lake, sql: duckdbEngine({ threads: 1 }), scratch: join(folder, 'scratch') }),
      purchases: purchases({ lake, sql: duckdbEngine({ threads: 1 }) }),
      translation: translation.service,
      graphs: new Map(),
      inference: { predict: () => Promise.reject(new Error('no graph is served here')) },
      clock: { now: () => new Date() },
      hasMailer: true,
      checks: { postgres: database.ping, redis: () => pingRedis(redis), temporal: temporal.ping },
      bodyLimit: 65_536,
      rateLimit: 10_000,
      webhookRateLimit: 10_000,
      logLevel: 'silent',
      ...overrides,
      ...more,
    });
  const app = await rebuild();
  const makeKey = async (role: Role, expiresAt: Date | null = null) => {
    const { key, hash } = newKey();
    const { id } = await database.keys.create({ name: `${role} of the test`, role, hash, expiresAt });
    return { key, id };
  };
  const keys = {
    viewer: (await makeKey('viewer')).key,
    operator: (await makeKey('operator')).key,
    admin: (await makeKey('admin')).key,
  };
  const call: OpenApi['call'] = (method, path, { key = keys.admin, body, headers = {} } = {}) =>
    app.inject({
      method: method as NonNullable<InjectOptions['method']>,
      url: path,
      headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...headers },
      ...(body === undefined ? {} : { payload: body as NonNullable<InjectOptions['payload']> }),
    });
  return {
    app,
    rebuild,
    database,
    temporal,
    artifacts,
    lake,
    documentFiles,
    documentFolder,
    url,
    keys,
    makeKey,
    call,
    async read<T>(path: string) {
      const answer = await call('GET', path, { key: keys.viewer });
      expect(answer.statusCode, answer.body).toBe(200);
      return answer.json<T>();
    },
    async close() {
      await app.close();
      await Promise.all([translation.close(), deliveryStates.close()]);
      await Promise.all([database.close(), temporal.close(), redis.quit()]);
      rmSync(folder, { recursive: true, force: true });
      await drop();
    },
  };
}
