import { PerennialError } from '../../contracts/errors.ts';

/** DATA_MISSING: `field` leaves nothing to learn from. */
export function emptyData(field: string, value: unknown): PerennialError {
  return new PerennialError('DATA_MISSING', `${field}: ${value} leaves nothing to learn from`, {
    fields: [{ field, value, message: 'leaves nothing to learn from' }],
    remedy: 'Give at least one row with a positive weight.',
  });
}

/** PARAMETER_INVALID: an array that does not belong to the others. */
export function lengthFault(field: string, value: number, wanted: number): PerennialError {
  const message = `has length ${value}, but the other data need ${wanted}`;
  return new PerennialError('PARAMETER_INVALID', `${field} ${message}`, {
    fields: [{ field, value, message }],
    remedy: 'Give arrays that describe the same rows.',
  });
}

/** PARAMETER_INVALID: `value` of `field` is none that can be used; `message` says why. */
export function outOfRange(field: string, value: number, message: string): PerennialError {
  return new PerennialError('PARAMETER_INVALID', `${field}: ${value} ${message}`, {
    fields: [{ field, value, message }],
    remedy: 'Give a value within the range.',
  });
}
