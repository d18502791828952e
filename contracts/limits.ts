/** A limit on active runs, or on the slots of a pool (`pool:gpu`). */
export interface LimitState {
  readonly name: string;
  /** Null: no limit. */
  readonly capacity: number | null;
  /** Who set it at run time; null: the capacity is the code's. */
  readonly by: string | null;
  readonly active: number;
  readonly waiting: number;
}
