import { build } from './build.mjs';
import { withLock } from './lock.mjs';
import { checkNode, installPackages } from './packages.mjs';
import { findRedis } from './redis.mjs';
import { findTemporal } from './temporal.mjs';
import { installTensorFlow } from './tensorflow.mjs';

/**
 * Everything between a fresh clone and a program that runs; what is there already is skipped.
 *
 * @returns environment variables that name the tools found.
 */
export function setUp() {
  console.log('Set-up');
  checkNode();
  return withLock(async () => {
    await installPackages();
    await installTensorFlow();
    const TEMPORAL_CLI = await findTemporal();
    const REDIS_SERVER = await findRedis();
    await build();
    return { TEMPORAL_CLI, REDIS_SERVER };
  });
}
