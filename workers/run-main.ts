import { PerennialError } from '../contracts/errors.ts';
import { log } from '../telemetry/log.ts';

/** Runs the body of a process. An error that ends it is told with its remedy, and as a stack only when it is a defect. */
export async function runMain(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (error instanceof PerennialError && error.code !== 'INTERNAL') {
      const { code, remedy } = error;
      log().fatal({ code, ...(remedy ? { remedy } : {}) }, error.message);
    } else log().fatal({ err: error }, 'the process ends by an error that nobody foresaw');
    process.exit(1);
  }
}
