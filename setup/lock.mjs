import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { tools } from './paths.mjs';

const file = join(tools, 'setup.lock');

/** Lets one set-up of this checkout work at a time: two that replace node_modules would break each other. */
export async function withLock(work) {
  mkdirSync(tools, { recursive: true });
  for (let waiting = false; !take(); await delay(200)) {
    if (!waiting) console.log('  waiting for another set-up in this folder');
    waiting = true;
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take() {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const holder = Number(readFileSync(file, 'utf8'));
  // An empty file is being written at this moment.
  if (holder > 0 && !isAlive(holder)) rmSync(file, { force: true });
  return false;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
