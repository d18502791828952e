import { attribute, execute, type NativeTensor, scalar, scoped, types } from './native.ts';
import { NativeVariable } from './native-variable.ts';

const adamTypes = [
  attribute.type('T', types.float32),
  attribute.bool('use_locking', false),
  attribute.bool('use_nesterov', false),
];
export interface AdamOptions {
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.98 (Vaswani et al. 2017). */
  readonly beta2?: number;
  /** Added to the root of the second moment after its correction for the start; default 1e-9 (Vaswani et al. 2017). */
  readonly epsilon?: number;
}

/** First and second moments by parameter, and how many steps made them: all that Adam has to keep. */
export interface AdamState {
  readonly first: Readonly<Record<string, Float32Array>>;
  readonly second: Readonly<Record<string, Float32Array>>;
  readonly steps: number;
}

/**
 * Parameters as native variables, changed in place by the native kernel of Adam (Kingma and Ba 2015). The powers of the decay
 * rates follow from the number of steps, so that a restored optimiser goes on to the bit.
 */
export class AdamParameters {
  readonly #beta1: number;
  readonly #beta2: number;
  readonly #epsilon: number;
  readonly #variables = new Map<string, { value: NativeVariable; first: NativeVariable; second: NativeVariable }>();
  #steps = 0;

  constructor(
    shapes: ReadonlyMap<string, readonly number[]>,
    weights: Readonly<Record<string, Float32Array>>,
    options: AdamOptions = {},
  ) {
    this.#beta1 = options.beta1 ?? 0.9;
    this.#beta2 = options.beta2 ?? 0.98;
    this.#epsilon = options.epsilon ?? 1e-9;
    for (const [name, shape] of shapes) {
      const values = weights[name] as Float32Array;
      const zero = new Float32Array(values.length);
      this.#variables.set(name, {
        value: new NativeVariable(values, shape),
        first: new NativeVariable(zero, shape),
        second: new NativeVariable(zero, shape),
      });
    }
  }

  get steps(): number {
    return this.#steps;
  }

  /** The parameters by name, as they are now; free them before {@link apply}, which else has to copy them. */
  read(): Map<string, NativeTensor> {
    const out = new Map<string, NativeTensor>();
    for (const [name, { value }] of this.#variables) out.set(name, value.read());
    return out;
  }

  /** One step down the gradients. */
  apply(gradients: ReadonlyMap<string, NativeTensor>, rate: number): void {
    const t = ++this.#steps;
    scoped(() => {
      const numbers = [
        this.#beta1 ** t,
        this.#beta2 ** t,
        rate,
        this.#beta1,
        this.#beta2,
        // The kernel leaves the correction of the second moment out of epsilon's term.
        this.#epsilon * Math.sqrt(1 - this.#beta2 ** t),
      ].map(scalar);
      for (const [name, gradient] of gradients) {
        const parts = this.#variables.get(name);
        if (!parts) continue;
        const inputs = [parts.value.handle, parts.first.handle, parts.second.handle, ...numbers, gradient];
        execute('ResourceApplyAdam', adamTypes, inputs, 0);
      }
    });
  }

  weights(): Record<string, Float32Array> {
    return this.#collect('value');
  }

  state(): AdamState {
    return { first: this.#collect('first'), second: this.#collect('second'), steps: this.#steps };
  }

  /** Replaces the parameters. */
  assign(weights: Readonly<Record<string, Float32Array>>): void {
    for (const [name, { value }] of this.#variables) value.assign(weights[name] as Float32Array);
  }

  restore(state: AdamState): void {
    for (const [name, { first, second }] of this.#variables) {
      first.assign(state.first[name] as Float32Array);
      second.assign(state.second[name] as Float32Array);
    }
    this.#steps = state.steps;
  }

  dispose(): void {
    for (const parts of this.#variables.values()) for (const part of Object.values(parts)) part.dispose();
    this.#variables.clear();
  }

  #collect(part: 'value' | 'first' | 'second'): Record<string, Float32Array> {
    const out: Record<string, Float32Array> = {};
    for (const [name, parts] of this.#variables) out[name] = parts[part].values();
    return out;
  }
}
