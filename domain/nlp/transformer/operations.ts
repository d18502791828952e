import {
  attribute,
  execute,
  executeOne,
  indexConstant,
  integerConstant,
  integers,
  type NativeTensor,
  types,
} from './native.ts';

const float = [attribute.type('T', types.float32)];
const overAxis = [...float, attribute.type('Tidx', types.int32), attribute.bool('keep_dims', true)];
const batchProduct = [false, true].map((first) =>
  [false, true].map((second) => [...float, attribute.bool('adj_x', first), attribute.bool('adj_y', second)]),
);

/** Matrix product over the last two axes; the axes before broadcast. `first` and `second` say which of them is transposed. */
export function matMul(
  a: NativeTensor,
  b: NativeTensor,
  transposed: { readonly first?: boolean; readonly second?: boolean } = {},
): NativeTensor {
  const attributes = batchProduct[transposed.first ? 1 : 0]?.[transposed.second ? 1 : 0] ?? [];
  return executeOne('BatchMatMulV2', attributes, a, b);
}

export const add = (a: NativeTensor, b: NativeTensor) => executeOne('AddV2', float, a, b);
export const subtract = (a: NativeTensor, b: NativeTensor) => executeOne('Sub', float, a, b);
export const multiply = (a: NativeTensor, b: NativeTensor) => executeOne('Mul', float, a, b);
export const divide = (a: NativeTensor, b: NativeTensor) => executeOne('RealDiv', float, a, b);
export const minimum = (a: NativeTensor, b: NativeTensor) => executeOne('Minimum', float, a, b);
export const exp = (x: NativeTensor) => executeOne('Exp', float, x);
export const log = (x: NativeTensor) => executeOne('Log', float, x);
export const sqrt = (x: NativeTensor) => executeOne('Sqrt', float, x);
export const rsqrt = (x: NativeTensor) => executeOne('Rsqrt', float, x);
export const softmax = (x: NativeTensor) => executeOne('Softmax', float, x);
export const relu = (x: NativeTensor) => executeOne('Relu', float, x);
/** `gradient` where `output` of the ReLU is above 0, else 0. */
export const reluGradient = (gradient: NativeTensor, output: NativeTensor) =>
  executeOne('ReluGrad', float, gradient, output);
/** Adds a vector to every row. */
export const addBias = (x: NativeTensor, bias: NativeTensor) => executeOne('BiasAdd', float, x, bias);
/** Sum over all axes but the last. */
export const sumRows = (x: NativeTensor) => executeOne('BiasAddGrad', float, x);
/** Half the sum of squares. */
export const halfSquares = (x: NativeTensor) => executeOne('L2Loss', float, x);
/** Reductions over the last axis, which stays with length 1. */
export const meanLast = (x: NativeTensor) => executeOne('Mean', overAxis, x, integerConstant(x.shape.length - 1));
export const sumLast = (x: NativeTensor) => executeOne('Sum', overAxis, x, integerConstant(x.shape.length - 1));
export const maxLast = (x: NativeTensor) => executeOne('Max', overAxis, x, integerConstant(x.shape.length - 1));

export function sumOf(tensors: readonly NativeTensor[]): NativeTensor {
  return execute('AddN', [...float, attribute.int('N', tensors.length)], tensors, 1)[0] as NativeTensor;
}

/** The same values under another shape; nothing is copied. */
export function reshape(x: NativeTensor, shape: readonly number[]): NativeTensor {
  return executeOne('Reshape', reshapeTypes, x, integers(Int32Array.from(shape)));
}
const reshapeTypes = [...float, attribute.type('Tshape', types.int32)];

export function transpose(x: NativeTensor, ...permutation: readonly number[]): NativeTensor {
  return executeOne('Transpose', transposeTypes, x, integerConstant(...permutation));
}
const transposeTypes = [...float, attribute.type('Tperm', types.int32)];

/** Equal parts along the first axis; nothing is copied. */
export function splitFirst(x: NativeTensor, parts: number): NativeTensor[] {
  return execute('Split', [...float, attribute.int('num_split', parts)], [indexConstant(0), x], parts);
}

export function concat(tensors: readonly NativeTensor[], axis: number): NativeTensor {
  if (tensors.length === 1) return tensors[0] as NativeTensor;
  const attributes = [...float, attribute.int('N', tensors.length), attribute.type('Tidx', types.int32)];
  return execute('ConcatV2', attributes, [...tensors, indexConstant(axis)], 1)[0] as NativeTensor;
}

/** Rows `from … from + count` of a matrix. */
export function rows(x: NativeTensor, from: number, count: number): NativeTensor {
  const size = integers(Int32Array.of(count, x.shape[1] as number));
  return executeOne('Slice', sliceTypes, x, integers(Int32Array.of(from, 0)), size);
}
const sliceTypes = [...float, attribute.type('Index', types.int32)];

/** Rows of a table by their numbers: [n] → [n, columns]. */
export function gather(table: NativeTensor, ids: NativeTensor): NativeTensor {
  return executeOne('GatherV2', gatherTypes, table, ids, indexConstant(0));
}
const gatherTypes = [
  attribute.type('Tparams', types.float32),
  attribute.type('Tindices', types.int32),
  attribute.type('Taxis', types.int32),
];

/** The opposite of {@link gather}: sums rows into the `count` rows that `ids` name. */
export function scatterSum(values: NativeTensor, ids: NativeTensor, count: number): NativeTensor {
  return executeOne('UnsortedSegmentSum', scatterTypes, values, ids, indexConstant(count));
}
const scatterTypes = [...float, attribute.type('Tindices', types.int32), attribute.type('Tnumsegments', types.int32)];

/** Number of the greatest value along the last axis, int32; the lowest number among equals. */
export function argMaxLast(x: NativeTensor): NativeTensor {
  return executeOne('ArgMax', argMaxTypes, x, indexConstant(x.shape.length - 1));
}
const argMaxTypes = [...float, attribute.type('Tidx', types.int32), attribute.type('output_type', types.int32)];
