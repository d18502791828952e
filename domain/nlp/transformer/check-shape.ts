import { type FieldFault, PerennialError } from '../../../contracts/errors.ts';
import type { TransformerShape } from './shape.ts';

const most: Readonly<Record<keyof TransformerShape, number>> = {
  vocabulary: 1_000_000,
  factors: 256,
  dimensions: 8192,
  feedForward: 32_768,
  heads: 128,
  encoderLayers: 100,
  decoderLayers: 100,
};

/** Throws PARAMETER_INVALID with every fault of a shape: sizes that are no whole number in range, a width that the heads do not divide. */
export function checkShape(shape: TransformerShape): void {
  const faults: FieldFault[] = [];
  const fault = (field: keyof TransformerShape, message: string) =>
    faults.push({ field: `shape.${field}`, value: shape[field], message });
  for (const [field, limit] of Object.entries(most) as [keyof TransformerShape, number][]) {
    const value = shape[field];
    const least = field === 'vocabulary' ? 4 : 1;
    if (!Number.isSafeInteger(value) || value < least || value > limit)
      fault(field, `is no whole number from ${least} to ${limit}`);
  }
  if (shape.dimensions % 2 !== 0) fault('dimensions', 'is odd; half of them are sines, half cosines of the position');
  if (shape.dimensions % shape.heads !== 0) fault('dimensions', `is no multiple of the ${shape.heads} heads`);
  if (faults.length === 0) return;
  const words = faults.map(({ field, value, message }) => `${field} ${String(value)} ${message}`).join('; ');
  throw new PerennialError('PARAMETER_INVALID', `The shape of the transformer does not hold: ${words}`, {
    remedy: 'A small model that works: dimensions 128, feedForward 256, heads 4, 4 layers each, vocabulary 10,000.',
    fields: faults,
  });
}
