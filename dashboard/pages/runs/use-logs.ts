import { useCallback, useEffect, useRef, useState } from 'react';
import type { LogLine } from '../../../contracts/runs.ts';
import { get } from '../../http/client.ts';

/** Which lines of a run are wanted; names as `GET /v1/runs/:id/logs` has them. */
export interface LogQuery {
  readonly step?: string | undefined;
  readonly item?: string | undefined;
  readonly level?: string | undefined;
  readonly text?: string | undefined;
}

interface LogPage {
  readonly lines: readonly LogLine[];
  readonly next: number | null;
}

export interface Logs {
  readonly lines: readonly LogLine[];
  readonly isLoading: boolean;
  readonly error: Error | null;
  /** Whether there are lines before the first. */
  readonly hasEarlier: boolean;
  readonly loadEarlier: () => Promise<void>;
  /** Looks for lines after the last. */
  readonly loadNewer: () => Promise<void>;
  /** Begins anew with the last lines, after an error. */
  readonly retry: () => void;
}

const pageSize = 500;
const newest = Number.MAX_SAFE_INTEGER;

/** Asks for a page of lines. */
export const logPage = (
  runId: string,
  query: LogQuery & { readonly after?: number; readonly before?: number },
): Promise<LogPage> => get<LogPage>(`/v1/runs/${encodeURIComponent(runId)}/logs`, { ...query, limit: pageSize });

/**
 * A stretch of the lines of a run without gaps: the last ones, or those around `line`, with earlier ones and newer ones
 * added on demand.
 *
 * @param line id of a line to begin around.
 */
export function useLogs(runId: string, { step, item, level, text }: LogQuery, line: number | null): Logs {
  const [state, setState] = useState<Omit<Logs, 'loadEarlier' | 'loadNewer' | 'retry'>>({
    ...{ lines: [], isLoading: true, error: null, hasEarlier: false },
  });
  const lines = useRef<readonly LogLine[]>([]);
  /** A page is on its way. */
  const busy = useRef(true);
  /** There was news while busy. */
  const missed = useRef(false);
  /** Changes with what is wanted; an answer to an older question is dropped. */
  const question = useRef(0);
  const begin = useRef(line);
  const [tries, setTries] = useState(0);

  const ask = useCallback(
    (more: { readonly after?: number; readonly before?: number }) =>
      logPage(runId, { step, item, level, text, ...more }),
    [runId, step, item, level, text],
  );
  const put = useCallback((next: readonly LogLine[], change: Partial<Logs> = {}): void => {
    lines.current = next;
    setState((before) => ({ ...before, ...change, lines: next, isLoading: false, error: null }));
  }, []);
  const fail = useCallback((error: unknown): void => {
    setState((before) => ({
      ...before,
      isLoading: false,
      error: error instanceof Error ? error : new Error(String(error)),
    }));
  }, []);

  const load = useCallback(
    async (which: 'earlier' | 'newer'): Promise<void> => {
      if (busy.current) {
        missed.current ||= which === 'newer';
        return;
      }
      busy.current = true;
      const asked = question.current;
      const [first, last] = [lines.current[0], lines.current.at(-1)];
      try {
        const page = await ask(which === 'earlier' ? { before: first?.id ?? newest } : { after: last?.id ?? 0 });
        if (asked !== question.current) return;
        if (which === 'earlier') put([...page.lines, ...lines.current], { hasEarlier: page.lines.length === pageSize });
        else if (page.lines.length > 0) put([...lines.current, ...page.lines]);
        missed.current ||= which === 'newer' && page.lines.length === pageSize;
      } catch (error) {
        if (asked === question.current) fail(error);
      } finally {
        if (asked === question.current) {
          busy.current = false;
          if (missed.current) {
            missed.current = false;
            void load('newer');
          }
        }
      }
    },
    [ask, put, fail],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: another try begins anew
  useEffect(() => {
    question.current += 1;
    const asked = question.current;
    busy.current = true;
    setState((before) => ({ ...before, isLoading: true }));
    const around = begin.current;
    begin.current = null;
    void (async () => {
      try {
        const page = await ask({ before: around === null ? newest : around + 1 });
        if (asked !== question.current) return;
        put(page.lines, { hasEarlier: page.lines.length === pageSize });
        busy.current = false;
        missed.current = false;
        // Those behind the line, and those written meanwhile.
        await load('newer');
      } catch (error) {
        if (asked === question.current) fail(error);
      }
    })();
  }, [ask, put, fail, load, tries]);

  const loadEarlier = useCallback(() => load('earlier'), [load]);
  const loadNewer = useCallback(() => load('newer'), [load]);
  const retry = useCallback(() => setTries((before) => before + 1), []);
  return { ...state, loadEarlier, loadNewer, retry };
}
