/** How long a unit of work takes, measured: older measurements count less and less, and large ones more than small ones. */
export class Pace {
  readonly #kept: number;
  #units = 0;
  #ms = 0;

  /** @param kept weight of everything measured before, with every measurement: 0.8 lets the last five or so count. */
  constructor(kept: number) {
    this.#kept = kept;
  }

  measured(units: number, ms: number): void {
    this.#units = this.#kept * this.#units + units;
    this.#ms = this.#kept * this.#ms + ms;
  }

  /** Milliseconds; 0 before anything was measured. */
  get perUnit(): number {
    return this.#units === 0 ? 0 : this.#ms / this.#units;
  }
}
