import { type Tensor, tf, type Variable } from './tensorflow.ts';

/**
 * Adam (Kingma and Ba 2015) with decoupled weight decay. The library's own optimiser can't restore its state to the
 * bit (it recomputes powers); here the state is plain arrays, so that resumed training equals uninterrupted training.
 */
export class Adam {
  readonly #variables: readonly Variable[];
  readonly #first: readonly Variable[];
  readonly #second: readonly Variable[];
  readonly #decay: number;
  steps = 0;

  constructor(variables: readonly Variable[], options: { decay?: number } = {}) {
    this.#variables = variables;
    this.#first = variables.map((v) => tf.tidy(() => tf.variable(tf.zerosLike(v), false) as Variable));
    this.#second = variables.map((v) => tf.tidy(() => tf.variable(tf.zerosLike(v), false) as Variable));
    this.#decay = options.decay ?? 0;
  }

  /** One step on the loss that `loss` returns; the value of the loss. Every intermediate tensor is disposed. */
  minimise(loss: () => Tensor, rate: number): Tensor {
    this.steps++;
    const scale = (rate * Math.sqrt(1 - 0.999 ** this.steps)) / (1 - 0.9 ** this.steps);
    return tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => loss().asScalar(), [...this.#variables]);
      this.#variables.forEach((variable, i) => {
        const gradient = grads[variable.name];
        const m = this.#first[i];
        const v = this.#second[i];
        if (!gradient || !m || !v) return;
        m.assign(m.mul(0.9).add(gradient.mul(0.1)));
        v.assign(v.mul(0.999).add(gradient.square().mul(0.001)));
        const step = m.div(v.sqrt().add(1e-7)).mul(scale);
        variable.assign(variable.mul(1 - rate * this.#decay).sub(step));
      });
      return value;
    });
  }

  /** Weights and state under stable names. */
  async save(): Promise<Record<string, Float32Array>> {
    const out: Record<string, Float32Array> = {};
    const groups = { w: this.#variables, m: this.#first, v: this.#second };
    for (const [name, list] of Object.entries(groups)) {
      for (const [i, variable] of list.entries()) out[`${name}${i}`] = (await variable.data()) as Float32Array;
    }
    return out;
  }

  load(arrays: Readonly<Record<string, Float32Array>>, steps: number): void {
    const groups = { w: this.#variables, m: this.#first, v: this.#second };
    for (const [name, list] of Object.entries(groups)) {
      for (const [i, variable] of list.entries()) {
        const array = arrays[`${name}${i}`];
        if (array) tf.tidy(() => variable.assign(tf.tensor(array, variable.shape)));
      }
    }
    this.steps = steps;
  }

  /** Frees the state and the weights. */
  dispose(): void {
    for (const variable of [...this.#variables, ...this.#first, ...this.#second]) variable.dispose();
  }
}
