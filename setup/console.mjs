// What set-up says: one line a step, with its seconds; a failure is one message with the remedy.

export class SetupError extends Error {
  constructor(message, remedy) {
    super(message);
    this.remedy = remedy;
  }
}

/** Runs one step of set-up. `work` gets `say`, which adds a word to the line, e.g. where a tool was found. */
export async function step(name, work) {
  const from = performance.now();
  let note = '';
  const result = await work((text) => {
    note = ` (${text})`;
  });
  const seconds = ((performance.now() - from) / 1000).toFixed(1);
  console.log(`  ${name}${note} … ${seconds} s`);
  return result;
}

/** Ends the process with a message a newcomer can act on. */
export function fail(error) {
  if (error instanceof SetupError) {
    console.error(`\nSet-up stopped: ${error.message}\n  What to do: ${error.remedy}`);
  } else if (error?.code === 'ENOSPC') {
    console.error(
      '\nSet-up stopped: there is no space left on the disk.\n  What to do: free about 4 GB and start again.',
    );
  } else {
    console.error(error);
  }
  process.exit(1);
}
