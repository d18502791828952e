import { CommanderError } from 'commander';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { buildProgram } from './program.ts';
import { createTerminal } from './terminal.ts';

const program = buildProgram();
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  else process.exitCode = exitCodeOf(createTerminal(program.opts()['json'] === true).error(error));
}
// Connection pools and the native library may hold the process open when a command has failed half-way.
process.exit();
