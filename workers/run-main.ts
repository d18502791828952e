import { PerennialError } from '../contracts/errors.ts';
import { log } from '../telemetry/log.ts';
import { redact } from '../telemetry/redact.ts';

/** Runs the body of a process. An error that ends it is told with its remedy, and as a stack only when it is a defect. */
export async function runMain(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (error instanceof PerennialError && error.code !== 'INTERNAL') {
      const { code, remedy } = error;
      log().fatal({ code, ...(remedy ? { remedy } : {}) }, error.message);
      // Beside the line of the log, for whoever starts it by hand.
      console.error(redact(`${error.message}${remedy ? `\n  What to do: ${remedy}` : ''}`));
    } else log().fatal({ err: error }, 'the process ends by an error that nobody foresaw');
    process.exit(1);
  }
}
