import { tf } from '../tensorflow.ts';

/**
 * A tensor of the native library by its handle, outside the bookkeeping of TensorFlow.js: an op costs some 6 µs, where one
 * recorded on the tape costs 130. It lives until its {@link scoped} block ends or {@link release} frees it.
 */
export interface NativeTensor {
  readonly id: number;
  readonly shape: readonly number[];
}

type AttributeValue = number | boolean | string | readonly number[];
interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: AttributeValue;
}

interface Binding {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_INT64: number;
  readonly TF_BOOL: number;
  readonly TF_UINT8: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
  createTensor(shape: readonly number[], type: number, values: ArrayBufferView): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): ArrayBufferView;
  getNumOfTensors(): number;
  executeOp(name: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): NativeTensor[];
}

const { binding } = tf.backend() as unknown as { readonly binding: Binding };

/** Element types of native tensors. */
export const types = {
  float32: binding.TF_FLOAT,
  int32: binding.TF_INT32,
  int64: binding.TF_INT64,
  bool: binding.TF_BOOL,
  uint8: binding.TF_UINT8,
} as const;

/** Attributes of an op, by the kind of their value. */
export const attribute = {
  type: (name: string, value: number): Attribute => ({ name, type: binding.TF_ATTR_TYPE, value }),
  bool: (name: string, value: boolean): Attribute => ({ name, type: binding.TF_ATTR_BOOL, value }),
  int: (name: string, value: number): Attribute => ({ name, type: binding.TF_ATTR_INT, value }),
  text: (name: string, value: string): Attribute => ({ name, type: binding.TF_ATTR_STRING, value }),
  shape: (name: string, value: readonly number[]): Attribute => ({ name, type: binding.TF_ATTR_SHAPE, value }),
};

let scope: Set<number> | undefined;

/** Runs `body`; every tensor made in it and not kept is freed when it ends, also by an error. `body` must be synchronous. */
export function scoped<Result>(body: () => Result): Result {
  const outer = scope;
  const own = new Set<number>();
  scope = own;
  try {
    return body();
  } finally {
    scope = outer;
    for (const id of own) binding.deleteTensor(id);
  }
}

/** {@link scoped} whose tensors given back live on in the scope around it. */
export function scopedTensors(body: () => readonly NativeTensor[]): readonly NativeTensor[] {
  const outer = scope;
  return scoped(() => {
    const results = body();
    for (const { id } of results) if (scope?.delete(id)) outer?.add(id);
    return results;
  });
}

/** Takes a tensor out of its scope: it lives until {@link dispose}. */
export function keep(tensor: NativeTensor): NativeTensor {
  scope?.delete(tensor.id);
  return tensor;
}

/** Frees tensors of the current scope ahead of its end; those already freed, or of an outer scope, stay as they are. */
export function release(...tensors: readonly (NativeTensor | undefined)[]): void {
  for (const tensor of tensors) if (tensor && scope?.delete(tensor.id)) binding.deleteTensor(tensor.id);
}

/** Frees kept tensors. */
export function dispose(...tensors: readonly NativeTensor[]): void {
  for (const { id } of tensors) binding.deleteTensor(id);
}

/** Tensors alive in the native library, for tests of leaks. */
export function countNativeTensors(): number {
  return binding.getNumOfTensors();
}

/** Executes an op of the native library by its registered name. */
export function execute(
  name: string,
  attributes: readonly Attribute[],
  inputs: readonly NativeTensor[],
  outputs: number,
): NativeTensor[] {
  const ids: number[] = [];
  for (const input of inputs) ids.push(input.id);
  const made = binding.executeOp(name, attributes, ids, outputs);
  if (scope) for (const { id } of made) scope.add(id);
  return made;
}

/** {@link execute} of an op with one output. */
export function executeOne(name: string, attributes: readonly Attribute[], ...inputs: NativeTensor[]): NativeTensor {
  return execute(name, attributes, inputs, 1)[0] as NativeTensor;
}

function create(shape: readonly number[], type: number, values: ArrayBufferView): NativeTensor {
  const id = binding.createTensor(shape, type, values);
  scope?.add(id);
  return { id, shape };
}

/** A float32 tensor over `values`, which it shares: leave them unchanged. */
export function floats(values: Float32Array, shape: readonly number[]): NativeTensor {
  return create(shape, types.float32, values);
}

/** An int32 tensor over `values`, which it shares: leave them unchanged. */
export function integers(values: Int32Array, shape: readonly number[] = [values.length]): NativeTensor {
  return create(shape, types.int32, values);
}

/** A uint8 tensor over `values`, which it shares: leave them unchanged. */
export function bytes(values: Uint8Array, shape: readonly number[]): NativeTensor {
  return create(shape, types.uint8, values);
}

export function scalar(value: number): NativeTensor {
  return floats(Float32Array.of(value), []);
}

const constants = new Map<string, NativeTensor>();

function constant(key: string, make: () => NativeTensor): NativeTensor {
  let found = constants.get(key);
  if (!found) {
    found = keep(make());
    constants.set(key, found);
  }
  return found;
}

/** A list of whole numbers that is asked for again and again (an axis, a permutation), made once for the process. */
export function integerConstant(...values: readonly number[]): NativeTensor {
  return constant(`list ${values.join()}`, () => integers(Int32Array.from(values)));
}

/** A whole number that is asked for again and again, made once for the process. */
export function indexConstant(value: number): NativeTensor {
  return constant(`index ${value}`, () => integers(Int32Array.of(value), []));
}

/** The values of a float32 tensor, copied. */
export function floatsOf(tensor: NativeTensor): Float32Array {
  return binding.tensorDataSync(tensor.id) as Float32Array;
}

/** The values of an int32 tensor, copied. */
export function integersOf(tensor: NativeTensor): Int32Array {
  return binding.tensorDataSync(tensor.id) as Int32Array;
}
