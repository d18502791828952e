import { PerennialError } from '../../contracts/errors.ts';
import { type SalesMapping, SalesMappingSchema } from '../../contracts/sales-mapping.ts';
import { schemaFaults } from '../../domain/dag/params.ts';

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
  const list = faults
    .slice(0, 20)
    .map((f) => `${f.field}${f.value === undefined ? '' : ` = ${JSON.stringify(f.value).slice(0, 200)}`} ${f.message}`);
  throw new PerennialError('PARAMETER_INVALID', `The mapping has ${faults.length} fault(s): ${list.join('; ')}.`, {
    fields: faults.slice(0, 20),
    remedy:
      'docs/how-to/ingest-sales.md has examples, and `perennial ingest mapping-schema` prints all fields with their meaning.',
  });
}
