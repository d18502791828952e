import { promoteTinyModel, storeTinyModel, trainTinyModel } from '../../bench/tiny-translation-model.ts';
import { formatVersion } from '../../domain/nlp/translator/index.ts';
import type { OpenApi } from '../api/support.ts';
import { rolloutIds } from './month.ts';

/**
 * Lets the seeded month really translate: its rollout of translation-en-de ends, and a model of a tiny world ("The red car is
 * old.") becomes champion.
 *
 * @returns its version; another one, which has learned the same differently, is the next.
 */
export async function serveTinyTranslation({ database, artifacts }: OpenApi): Promise<number> {
  const running = await database.rollouts.get(rolloutIds.running);
  if (running?.finishedAt === null)
    await database.rollouts.change(running.id, running.revision, {
      rollout: { status: 'aborted', finishedAt: new Date().toISOString(), reason: 'a test serves another model' },
      traffic: { routes: [{ version: running.base ?? 1, configuration: 0, share: 1 }], compares: false },
      event: { type: 'aborted', by: 'test', text: 'A test serves another model.', data: {} },
    });
  const [first, second] = [await trainTinyModel(1), await trainTinyModel(2)];
  const version = await promoteTinyModel(database.models, await storeTinyModel(artifacts, first));
  await database.models.add({
    ...{ model: 'translation-en-de', formatVersion, metrics: {}, lineage: {}, runId: 'another seed' },
    artifact: await storeTinyModel(artifacts, second),
  });
  return version;
}
