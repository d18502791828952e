import { createHash } from 'node:crypto';
import type { FieldFault } from '../../contracts/errors.ts';
import type { StepDefinition } from './definition.ts';

/** Names that are handed over or would change how programs are loaded. */
const ownNames = /^(PERENNIAL_|LD_|DYLD_)|^(PATH|HOME|TMPDIR)$/;

/** What is wrong with a step's `run` and `command`, as fields `steps.<id>.<property>`. */
export function commandFaults(id: string, { run, command }: StepDefinition): FieldFault[] {
  const at = (property: string): string => `steps.${id}.${property}`;
  if (!run && !command) return [{ field: at('run'), message: 'is missing: a step has either run or command' }];
  if (!command) return [];
  const faults: FieldFault[] = [];
  if (run) faults.push({ field: at('command'), message: 'stands beside run: a step has one of both' });
  const { argv, env = {}, retryExitCodes = [] } = command;
  if (argv.length === 0 || argv[0] === '')
    faults.push({ field: at('command.argv'), value: argv, message: 'must name a program' });
  const withNul = argv.find((part) => part.includes('\0'));
  if (withNul !== undefined)
    faults.push({ field: at('command.argv'), value: withNul, message: 'must not hold a NUL character' });
  for (const name of Object.keys(env)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || ownNames.test(name))
      faults.push({ field: at('command.env'), value: name, message: 'is no name that a step may set' });
  }
  for (const code of retryExitCodes) {
    if (!Number.isInteger(code) || code < 1 || code > 255)
      faults.push({
        field: at('command.retryExitCodes'),
        value: code,
        message: 'must be a whole number from 1 to 255',
      });
  }
  return faults;
}

/**
 * The version of a step's code: as declared; of a command with a hash of its arguments, which are its code here. Values of
 * the environment stay out of it: one may be a secret.
 */
export function codeVersionOf({ version = '1', command }: Pick<StepDefinition, 'version' | 'command'>): string {
  if (!command) return version;
  const what = JSON.stringify([command.argv, Object.keys(command.env ?? {}).sort()]);
  return `${version}+${createHash('sha256').update(what).digest('hex').slice(0, 12)}`;
}
