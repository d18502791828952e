import { createHash } from 'node:crypto';
import type { PartitionInfo } from '../../domain/ports/lake.ts';

/** A hash of what partitions hold, in their order: changes exactly when one of them does, comes or goes. */
export function partitionsHash(partitions: readonly Pick<PartitionInfo, 'partition' | 'sha256'>[]): string {
  const hash = createHash('sha256');
  for (const { partition, sha256 } of partitions) hash.update(`${Object.values(partition).join('/')} ${sha256}\n`);
  return hash.digest('hex');
}
