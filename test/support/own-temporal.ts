import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { loadConfig } from '../../config/index.ts';
import { openTemporal, type Temporal } from '../../storage/temporal/launcher.ts';
import { ensureNamespace } from '../../storage/temporal/namespace.ts';
import { freePort } from '../../workers/embedded/free-port.ts';
import { startTemporal } from '../../workers/embedded/servers.ts';
import { temporalAddress } from './servers.ts';

/** A Temporal server of its own, which can be taken away, and replaced by an empty one at the same address. */
export interface OwnServer {
  readonly address: string;
  /** Its only namespace. */
  readonly namespace: string;
  stop(): Promise<void>;
  /** Starts one that knows nothing, when the last has been stopped. */
  startEmpty(): Promise<void>;
  close(): Promise<void>;
}

export async function ownServer(): Promise<OwnServer> {
  const home = mkdtempSync(join(tmpdir(), 'perennial-temporal-'));
  const [port, uiPort] = [await freePort(), await freePort()];
  const start = (folder: string) =>
    startTemporal(loadConfig().temporalCli, folder, port, uiPort, join(home, 'temporal.log'));
  let server = await start(join(home, '0'));
  return {
    address: server.address,
    namespace: 'default',
    stop: () => server.stop(),
    async startEmpty() {
      server = await start(mkdtempSync(join(home, 'empty-')));
    },
    async close() {
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The Temporal server, in a namespace that nobody else sees. */
export async function ownTemporal(
  address: string = temporalAddress(),
): Promise<{ readonly temporal: Temporal; readonly namespace: string }> {
  const namespace = `own-${randomBytes(4).toString('hex')}`;
  const connection = await Connection.connect({ address });
  await ensureNamespace(connection, namespace);
  await connection.close();
  return { temporal: await openTemporal({ address, namespace }), namespace };
}
