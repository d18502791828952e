import type { Admission } from '../../domain/ports/admission.ts';
import type { BackfillRepository } from '../../domain/ports/backfills.ts';
import type { AuditLog, KeyRepository } from '../../domain/ports/keys.ts';
import type { ModelRepository } from '../../domain/ports/models.ts';
import type { DecisionRepository, KpiRepository, PredictionRepository } from '../../domain/ports/results.ts';
import type { RunRepository } from '../../domain/ports/runs.ts';
import type { Locker, ScheduleHistory } from '../../domain/ports/schedules.ts';
import type { StepCache } from '../../domain/ports/step-cache.ts';
import { admissionRepository } from './admission.ts';
import { backfillRepository } from './backfills.ts';
import { openConnection } from './client.ts';
import { withStorageErrors } from './errors.ts';
import { auditLog, keyRepository } from './keys.ts';
import { locker } from './locks.ts';
import { modelRepository } from './models.ts';
import { decisionRepository, kpiRepository, predictionRepository } from './results.ts';
import { runRepository } from './runs.ts';
import { scheduleHistory } from './schedules.ts';
import { stepCache } from './step-cache.ts';
import { createWatcher } from './watcher.ts';

export interface Database {
  readonly runs: RunRepository;
  readonly models: ModelRepository;
  readonly predictions: PredictionRepository;
  readonly kpis: KpiRepository;
  readonly decisions: DecisionRepository;
  readonly keys: KeyRepository;
  readonly audit: AuditLog;
  readonly admission: Admission;
  readonly cache: StepCache;
  readonly backfills: BackfillRepository;
  readonly scheduleHistory: ScheduleHistory;
  readonly lock: Locker;
  /** UNAVAILABLE when PostgreSQL does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The repositories over one pool of connections, opened when first used; it recovers by itself when the server was away.
 * Every method throws UNAVAILABLE while the server does not answer.
 */
export async function openDatabase({ url, pool }: { url: string; pool: number }): Promise<Database> {
  const connection = openConnection(url, pool);
  const db = connection.prisma;
  const watcher = createWatcher(url);
  const checks = withStorageErrors({ ping: async () => void (await db.$queryRaw`select 1`) });
  return {
    runs: withStorageErrors(runRepository(connection, watcher)),
    models: withStorageErrors(modelRepository(db)),
    predictions: withStorageErrors(predictionRepository(db)),
    kpis: withStorageErrors(kpiRepository(db)),
    decisions: withStorageErrors(decisionRepository(db)),
    keys: withStorageErrors(keyRepository(connection)),
    audit: withStorageErrors(auditLog(connection)),
    admission: withStorageErrors(admissionRepository(connection)),
    cache: withStorageErrors(stepCache(connection)),
    backfills: withStorageErrors(backfillRepository(connection)),
    scheduleHistory: withStorageErrors(scheduleHistory(connection)),
    lock: withStorageErrors({ lock: locker(connection) }).lock,
    ping: checks.ping,
    close: async () => {
      await watcher.close();
      await db.$disconnect();
    },
  };
}
