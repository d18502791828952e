import { readdirSync, readFileSync } from 'node:fs';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { quietRuntime, workflowBundle } from '../support/dag-worker.ts';

const folder = new URL('./histories/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

/** Histories of runs made by earlier code. One that no longer replays would break a run in flight on the next deploy. */
describe('saved histories', () => {
  it('has some', () => expect(files.length).toBeGreaterThan(0));

  it.each(files)('%s replays', async (name) => {
    quietRuntime();
    const history = historyFromJSON(JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
    await Worker.runReplayHistory({ workflowBundle: await workflowBundle() }, history);
  });
});
