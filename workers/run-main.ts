import { PerennialError } from '../contracts/errors.ts';

/** Runs the body of a process. An error that ends it is told with its remedy, and as a stack only when it is a defect. */
export async function runMain(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (error instanceof PerennialError && error.code !== 'INTERNAL') {
      console.error(`${error.message}${error.remedy ? `\n  What to do: ${error.remedy}` : ''}`);
    } else console.error(error);
    process.exit(1);
  }
}
