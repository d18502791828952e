import { PerennialError } from '../contracts/errors.ts';
import type { ApiClient } from './client.ts';
import type { RunDetail } from './runs.ts';

/** A link to the report of a run for a browser; UNAVAILABLE and so on as the API says. */
export async function reportLink(api: ApiClient, runId: string): Promise<{ url: string; expiresAt: string }> {
  const { url, expiresAt } = await api.post<{ url: string; expiresAt: string }>(
    `/v1/runs/${encodeURIComponent(runId)}/report/links`,
  );
  return { url: api.url + url, expiresAt };
}

/**
 * Where the report of a run is, in a line: a link, or, where servers stop with the command or give this key no links, the command
 * that saves it. Empty for a run without one.
 */
export async function reportText(api: ApiClient, run: RunDetail, { stays }: { stays: boolean }): Promise<string> {
  const hasPage = run.steps.some(({ output }) => (output as { page?: unknown } | null)?.page !== undefined);
  if (!hasPage) return '';
  const saved = `Report: perennial runs report ${run.id} --out report.html`;
  if (!stays) return saved;
  try {
    return `Report, for a week: ${(await reportLink(api, run.id)).url}`;
  } catch (error) {
    if (error instanceof PerennialError && ['CONFIG_INVALID', 'FORBIDDEN'].includes(error.code)) return saved;
    throw error;
  }
}
