/** What travels between steps instead of data: where it is, what it hashes to and how large it is. */
export interface ArtifactRef {
  /** `artifact:sha256:<hex>`, resolved by the artifact store in use. */
  readonly uri: string;
  readonly sha256: string;
  readonly bytes: number;
}
