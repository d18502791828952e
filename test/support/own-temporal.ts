import { randomBytes } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { openTemporal, type Temporal } from '../../storage/temporal/launcher.ts';
import { ensureNamespace } from '../../storage/temporal/namespace.ts';
import { temporalAddress } from './servers.ts';

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
