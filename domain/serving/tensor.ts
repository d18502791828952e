type Arrays = {
  readonly float32: Float32Array;
  readonly int32: Int32Array;
  readonly int64: BigInt64Array;
  readonly bool: Uint8Array;
  readonly uint8: Uint8Array;
  readonly int8: Int8Array;
};

/** A tensor as it goes into and comes out of a session: plain data, so that it passes between threads. */
export type OnnxTensor = {
  [T in keyof Arrays]: { readonly type: T; readonly data: Arrays[T]; readonly dims: readonly number[] };
}[keyof Arrays];

export type OnnxTensors = Readonly<Record<string, OnnxTensor>>;

/** Data of an output; throws unless it has that type. */
export function dataOf<T extends keyof Arrays>(tensors: OnnxTensors, name: string, type: T): Arrays[T] {
  const tensor = tensors[name];
  if (tensor?.type !== type) {
    throw new TypeError(`The output ${name} is ${tensor === undefined ? 'missing' : tensor.type}, not ${type}`);
  }
  return tensor.data as Arrays[T];
}

export const float32 = (data: Float32Array, dims: readonly number[]): OnnxTensor => ({ type: 'float32', data, dims });

/** int64 from whole numbers; without dims a scalar of one. */
export function int64(values: ArrayLike<number>, dims: readonly number[] = []): OnnxTensor {
  return { type: 'int64', data: BigInt64Array.from(values as ArrayLike<never>, BigInt), dims };
}
