import { PerennialError } from '../../contracts/errors.ts';
import { type SalesMapping, SalesMappingSchema } from '../../contracts/sales-mapping.ts';
import { schemaFaults, tellFaults } from '../../domain/dag/params.ts';

/**
 * Checks a mapping against its schema.
 *
 * @throws PARAMETER_INVALID with a fault for each field, named `mapping.…`.
 */
export function checkMapping(given: unknown): SalesMapping {
  const faults = schemaFaults(SalesMappingSchema, given).map((fault) => ({
    ...fault,
    field: fault.field === '' ? 'mapping' : `mapping.${fault.field}`,
  }));
  if (faults.length === 0) return given as SalesMapping;
  const { told, text } = tellFaults(faults);
  throw new PerennialError('PARAMETER_INVALID', `The mapping has ${faults.length} fault(s): ${text}.`, {
    fields: told,
    remedy:
      'docs/how-to/ingest-sales.md has examples, and `perennial ingest mapping-schema` prints all fields with their meaning.',
  });
}
