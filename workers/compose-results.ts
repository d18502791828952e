import { join } from 'node:path';
import type { Config } from '../config/index.ts';
import type { ArtifactStore } from '../domain/ports/artifacts.ts';
import type { MarketLists } from '../domain/ports/market-lists.ts';
import type { Purchases } from '../domain/ports/purchases.ts';
import { duckdbEngine } from '../engines/duckdb/engine.ts';
import { marketLists } from '../pipelines/offers/market-lists.ts';
import { purchases } from '../pipelines/offers/purchases.ts';
import { fileArtifactStore } from '../storage/artifacts/file.ts';
import { fileLake } from '../storage/lake/file.ts';

/** What the API reads of the results of runs that is not in PostgreSQL. */
export function composeResults({ lake, artifacts, home }: Pick<Config, 'lake' | 'artifacts' | 'home'>): {
  artifacts: ArtifactStore;
  marketLists: MarketLists;
  purchases: Purchases;
} {
  // Beside the requests: one core and little memory a session.
  const reading = { lake: fileLake(lake), sql: duckdbEngine({ threads: 1, memoryLimit: '256MB' }) };
  return {
    artifacts: fileArtifactStore(artifacts),
    marketLists: marketLists({ ...reading, scratch: join(home, 'scratch') }),
    purchases: purchases(reading),
  };
}
