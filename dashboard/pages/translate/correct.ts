import type { MemoryEntry } from '../../../contracts/language-data.ts';
import type { TranslatedSentence } from '../../../contracts/translation.ts';
import { get, patch, post, remove } from '../../http/client.ts';
import { queryClient } from '../../http/query-client.ts';
import { toast } from '../../ui/toast.tsx';
import type { Translated } from './queries.ts';

interface Received {
  /** That it has entered; null: it waits. */
  readonly memory: string | null;
  readonly entry: MemoryEntry | null;
}

/** Sends how a sentence should be translated, says what became of that, and offers to take it back. */
export async function correct(
  translated: Translated,
  sentence: TranslatedSentence,
  target: string,
  into: string | undefined,
): Promise<void> {
  const { answer, requestId } = translated;
  // An answer that is one sentence is corrected as a whole: then the version that gave it is judged by that.
  const isWhole = answer.sentences?.length === 1 && answer.text.trim() === sentence.target;
  const { memory, entry } = await post<Received>('/v1/feedback', {
    target,
    source: sentence.source,
    sourceLanguage: answer.source,
    targetLanguage: answer.target,
    translation: sentence.target,
    ...(isWhole && requestId ? { requestId } : {}),
    ...(into === undefined ? {} : { memory: into }),
    ...(answer.model ? { model: `${answer.model.name} ${answer.model.version}` } : {}),
  });
  await refresh();
  if (memory === null || entry === null) {
    toast('The correction is kept, and enters a memory once its translation is logged.');
    return;
  }
  toast(`Corrected: the memory ${memory} has it from now on.`, { undo: () => void takeBack(memory, entry.id) });
}

/** Brings an entry back to what it was before its newest state, or takes it out where it is new. */
async function takeBack(memory: string, id: string): Promise<void> {
  const path = `/v1/memories/${encodeURIComponent(memory)}/entries/${id}`;
  try {
    const { states } = await get<{ states: readonly MemoryEntry[] }>(`${path}/history`);
    const before = states.at(-2);
    // A state that ended before the newest one began: the entry was gone in between.
    if (before && before.validTo === states.at(-1)?.validFrom) {
      await patch(path, { target: before.target, note: before.note, reason: 'correction taken back' });
    } else await remove(path, { reason: 'correction taken back' });
    await refresh();
    toast('The correction is taken back.');
  } catch (error) {
    toast(error instanceof Error ? error.message : String(error), { failed: true });
  }
}

const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['memories'] });
