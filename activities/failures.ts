import { ApplicationFailure } from '@temporalio/activity';
import { PerennialError } from '../contracts/errors.ts';

/** An error as Temporal is told it: one that trying again cannot mend ends the attempts. */
export function applicationFailure(error: unknown): unknown {
  if (!(error instanceof PerennialError)) return error;
  const { message, code, retry } = error;
  return ApplicationFailure.create({
    message,
    type: code,
    nonRetryable: !retry,
    details: [error.toInfo()],
    cause: error,
  });
}
