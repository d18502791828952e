import { readdirSync, readFileSync } from 'node:fs';
import proto from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { quietRuntime, workflowCode } from '../support/dag-worker.ts';

const folder = new URL('./histories/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.binpb'));

/** Histories of runs made by earlier code. One that no longer replays would break a run in flight on the next deploy. */
describe('saved histories', () => {
  it('has some', () => expect(files.length).toBeGreaterThan(0));

  it.each(files)('%s replays', async (name) => {
    quietRuntime();
    const history = proto.temporal.api.history.v1.History.decode(readFileSync(new URL(name, folder)));
    await Worker.runReplayHistory(await workflowCode(), history);
  });
});
