import type { Observe, PipelinePolicy } from '../../domain/dag/index.ts';
import { parsePair } from './pair.ts';

const dayMs = 86_400_000;

/**
 * When the model of a pair is trained again: entries of its memories and corrections count as labelled data, and more
 * corrections than usual tell that it has become worse.
 */
export const translationPolicy: PipelinePolicy = {
  id: 'translation',
  title: 'Translation: new entries of memories, and how much is corrected',
  model: 'translation-*',
  kpis: [{ name: 'corrections', bad: 'high' }],
  // The lake holds the general text of the champion's run. Who translates sees no worse version than before.
  training: { params: { general: '', dev: '', promote: 'rollout' } },
};

/** Counts entries of the memories that the champion was trained on, with that of corrections, and corrections of the day before. */
export const observeTranslation: Observe = async ({ champion, day, services: { memories } }) => {
  const given = champion.lineage['params'] as
    | { readonly pair?: string; readonly memories?: readonly string[] }
    | undefined;
  const pair = parsePair(String(given?.pair ?? ''));
  const market = `${pair.source}-${pair.target}`;
  const named = given?.memories ?? [];
  const corrections = `feedback-${market}`.toLowerCase().slice(0, 63);
  const ids = [...new Set([...named, corrections])];
  const found = (await Promise.all(ids.map((id) => memories.get(id)))).filter((memory) => memory !== null);
  const midnight = Date.parse(day);
  const since = async (at: number): Promise<number> =>
    (await Promise.all(found.map(({ id }) => memories.countFeedback(id, new Date(at))))).reduce((sum, n) => sum + n, 0);
  return {
    market,
    labelled: found.reduce((sum, { entries }) => sum + entries, 0),
    kpis: { corrections: (await since(midnight - dayMs)) - (await since(midnight)) },
    params: { memories: found.map(({ id }) => id) },
  };
};
