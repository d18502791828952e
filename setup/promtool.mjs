import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { step } from './console.mjs';
import { tools } from './paths.mjs';
import { exec, fromEnvironment, which } from './process.mjs';

const unpacked = join(tools, 'bin', 'promtool');

/**
 * Path of promtool, which checks the rules of Prometheus: PROMTOOL, the PATH, else out of Debian's package; null without
 * apt, and the checks of rules are skipped.
 */
export async function findPromtool() {
  const found = fromEnvironment('PROMTOOL') ?? which('promtool') ?? (existsSync(unpacked) ? unpacked : null);
  if (found) return found;
  if (!which('apt-get') || !which('dpkg')) {
    console.log('  promtool: neither promtool nor apt is there; the checks of the rules of Prometheus are skipped');
    return null;
  }
  await step('promtool: out of Debian’s package prometheus, 19 MB', async () => {
    const folder = join(tools, 'prometheus');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const remedy = 'Check the network, or install prometheus by hand and let PROMTOOL name its promtool.';
    await exec('apt-get', ['download', 'prometheus'], { cwd: folder, remedy }).catch(async () => {
      // The lists of packages may not be there yet.
      await exec('apt-get', ['update'], { remedy });
      await exec('apt-get', ['download', 'prometheus'], { cwd: folder, remedy });
    });
    for (const name of readdirSync(folder)) await exec('dpkg', ['-x', join(folder, name), folder], { remedy });
    mkdirSync(join(tools, 'bin'), { recursive: true });
    renameSync(join(folder, 'usr', 'bin', 'promtool'), unpacked);
    rmSync(folder, { recursive: true });
  });
  return unpacked;
}
