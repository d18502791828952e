import type { DocumentRecord } from '../../contracts/documents.ts';
import type { StepServices } from '../../domain/ports/step-context.ts';
import { translateDocument } from '../../pipelines/translate-document/index.ts';
import type { OpenApi } from '../api/support.ts';

/** Does what a worker does with a document that was sent, as none runs beside the API of a test. */
export async function translateAs(
  { database, artifacts, documentFiles }: Pick<OpenApi, 'database' | 'artifacts' | 'documentFiles'>,
  { id, run }: Pick<DocumentRecord, 'id' | 'run'>,
  signal = new AbortController().signal,
): Promise<{ progress: number[][]; warnings: string[] }> {
  const { runs } = database;
  const step = { runId: run, stepId: 'translate', mapKey: '' };
  const progress: number[][] = [];
  const warnings: string[] = [];
  const services: Partial<StepServices> = { ...database, artifacts, documentFiles, clock: { now: () => new Date() } };
  await runs.apply(run, [{ kind: 'run', status: 'running' }]);
  await runs.attemptStarted(step, 1, 'test');
  try {
    const output = await translateDocument.steps['translate']?.run?.({
      ...step,
      pipeline: 'translate-document',
      stepVersions: {},
      attempt: 1,
      params: { document: id },
      inputs: {},
      item: undefined,
      signal,
      services: services as StepServices,
      progress: (...told) => progress.push([told[0], told[1]]),
      metric: () => {},
      log: (_level, message) => warnings.push(message),
      scratch: '',
    });
    await runs.attemptFinished(step, 1, { status: 'succeeded', output: output ?? null });
    await runs.apply(run, [{ kind: 'run', status: 'succeeded' }]);
  } catch (error) {
    const info = (error as { toInfo(): NonNullable<DocumentRecord['error']> }).toInfo();
    await runs.attemptFinished(step, 1, { status: 'failed', error: info, final: true });
    await runs.apply(run, [
      { kind: 'step', stepId: 'translate', mapKey: '', status: 'failed', error: info },
      { kind: 'run', status: 'failed', error: info },
    ]);
  }
  return { progress, warnings };
}
