import { join } from 'node:path';
import type { Config } from '../config/index.ts';
import type { ArtifactStore } from '../domain/ports/artifacts.ts';
import type { MarketLists } from '../domain/ports/market-lists.ts';
import { duckdbEngine } from '../engines/duckdb/engine.ts';
import { marketLists } from '../pipelines/offers/market-lists.ts';
import { fileArtifactStore } from '../storage/artifacts/file.ts';
import { fileLake } from '../storage/lake/file.ts';

/** What the API reads of the results of runs that is not in PostgreSQL. */
export function composeResults({ lake, artifacts, home }: Pick<Config, 'lake' | 'artifacts' | 'home'>): {
  artifacts: ArtifactStore;
  marketLists: MarketLists;
} {
  return {
    artifacts: fileArtifactStore(artifacts),
    marketLists: marketLists({
      lake: fileLake(lake),
      // Beside the requests: one core and little memory a session.
      sql: duckdbEngine({ threads: 1, memoryLimit: '256MB' }),
      scratch: join(home, 'scratch'),
    }),
  };
}
