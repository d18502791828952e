/** What of the records a digest tells that no repository does. */
export interface DigestFacts {
  /** Runs that ended since then, by pipeline. */
  endedRuns(from: Date): Promise<ReadonlyMap<string, { readonly succeeded: number; readonly failed: number }>>;
  /** When runs ended, by id; ISO 8601 UTC. */
  endsOf(runIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
