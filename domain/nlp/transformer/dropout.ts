import type { DropoutKind, Layer } from './layer.ts';
import { attribute, bytes, executeOne, integers, type NativeTensor, release, scalar, types } from './native.ts';
import { multiply, reshape, rows } from './operations.ts';

/** Share of values zeroed while training, by place; places left out get 0. */
export type DropoutRates = Readonly<Partial<Record<DropoutKind, number>>>;

const randomTypes = [
  attribute.type('dtype', types.int32),
  attribute.type('T', types.int32),
  attribute.type('Tseed', types.int32),
];
const toBytes = [attribute.type('T', types.int32), attribute.type('type', types.uint8)];
const ofBytes = [attribute.type('T', types.uint8)];
const toFloat = [
  attribute.type('SrcT', types.bool),
  attribute.type('DstT', types.float32),
  attribute.bool('Truncate', false),
];

/**
 * Inverted dropout (Srivastava et al. 2014). The mask depends on the seed alone (Philox, Salmon et al. 2011), not on what was
 * drawn before, so that resumed training draws what uninterrupted training would. One byte decides on a value, so that rates
 * are rounded to 1/256: random bits cost four times as much when every value has 32 of its own.
 *
 * @param rate share of values that become 0, 0 to below 1.
 * @param seed two whole numbers.
 */
export function dropout(x: NativeTensor, rate: number, seed: readonly [number, number]): Layer {
  const level = Math.round(rate * 256);
  if (level === 0) return { output: x, backward: (gradient) => gradient };
  const mask = keepMask(x.shape, level, seed);
  const scale = scalar(256 / (256 - level));
  const scaled = multiply(mask, scale);
  release(mask, scale);
  return {
    output: multiply(x, scaled),
    backward(gradient) {
      const result = multiply(gradient, scaled);
      release(scaled);
      return result;
    },
  };
}

/** 1 with probability 1 - level/256, else 0. */
function keepMask(shape: readonly number[], level: number, seed: readonly [number, number]): NativeTensor {
  const count = shape.reduce((a, b) => a * b, 1);
  const size = integers(Int32Array.of(Math.ceil(count / 4)));
  const words = executeOne('StatelessRandomUniformFullInt', randomTypes, size, integers(Int32Array.of(...seed)));
  const random = executeOne('Bitcast', toBytes, words);
  const kept = executeOne('GreaterEqual', ofBytes, random, bytes(Uint8Array.of(level), []));
  const mask = executeOne('Cast', toFloat, kept);
  release(words, random, kept);
  if (count % 4 === 0) return reshape(mask, shape);
  const flat = reshape(mask, [mask.shape.reduce((a, b) => a * b, 1), 1]);
  return reshape(rows(flat, 0, count), shape);
}
