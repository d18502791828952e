import { Type } from 'typebox';
import { PerennialError } from '../contracts/errors.ts';
import { zoneName } from '../domain/schedules/zone.ts';

/** Where in the world sentences of an answer are read. */
export const TimeZoneParam = Type.Optional(
  Type.String({
    ...{ minLength: 1, maxLength: 100, default: 'UTC', examples: ['Europe/Berlin'] },
    description: 'Zone (IANA) of the times of day in sentences.',
  }),
);

/** The zone that was asked for, default UTC. VALIDATION_FAILED when there is none of that name. @param field its name. */
export function timeZoneOf(given: string | undefined, field: string): string {
  const timeZone = zoneName(given ?? 'UTC');
  if (timeZone) return timeZone;
  const fault = { field, value: given, message: 'is not an IANA time zone such as Europe/Berlin' };
  throw new PerennialError('VALIDATION_FAILED', `${field} = "${given}" ${fault.message}.`, { fields: [fault] });
}
