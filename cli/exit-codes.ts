import { type ErrorInfo, errorKinds } from '../contracts/errors.ts';
import type { RunStatus } from '../contracts/runs.ts';

/** What the command's exit codes mean; stable. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, cancelled: 3, unavailable: 4 } as const;

/** Caller's faults are usage, a server or file that is not there is unavailable, the rest failed. */
export function exitCodeOf({ code }: ErrorInfo): number {
  if (code === 'CANCELLED') return exitCodes.cancelled;
  const { fault } = errorKinds[code];
  if (fault === 'caller') return exitCodes.usage;
  return fault === 'world' ? exitCodes.unavailable : exitCodes.failed;
}

export function exitCodeOfRun(status: RunStatus): number {
  if (status === 'succeeded') return exitCodes.ok;
  return status === 'cancelled' ? exitCodes.cancelled : exitCodes.failed;
}
