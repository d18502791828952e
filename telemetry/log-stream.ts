/** Lines are written so long after the first of them at most. */
const everyMs = 100;
/** Characters beyond which they are written at once. */
const most = 65_536;

/**
 * A stream for the log that gathers lines and writes them together: a call of the operating system for each of two lines a
 * request is a tenth of what a request costs. What is left is written when the process exits.
 *
 * @param write takes what is to be written; it must be done when it returns, as for standard output.
 */
export function logStream(write: (lines: string) => void): { write(line: string): void } {
  let lines = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (lines === '') return;
    const gathered = lines;
    lines = '';
    write(gathered);
  };
  process.on('exit', flush);
  return {
    write(line) {
      lines += line;
      if (lines.length >= most) flush();
      else timer ??= setTimeout(flush, everyMs).unref();
    },
  };
}
