import { PerennialError } from '../contracts/errors.ts';
import type { JsonObject } from '../contracts/json.ts';
import type { AuditLog } from '../domain/ports/keys.ts';

/** Writes what the holder of a request's key did into the audit log. */
export function auditOf(
  audit: AuditLog,
): (request: { apiKey: { name: string } | null }, action: string, subject: string, detail: object) => Promise<void> {
  return (request, action, subject, detail) =>
    audit.write({ actor: request.apiKey?.name ?? '', action, subject, detail: detail as JsonObject });
}

/**
 * A definition of a PUT, with the id of the path.
 *
 * @param kind what it is called in messages, such as `schedule`.
 * @throws VALIDATION_FAILED when the body names another one.
 */
export function withPathId<Body extends { readonly id?: string }>(
  kind: string,
  id: string,
  body: Body,
): Body & { readonly id: string } {
  if ((body.id ?? id) !== id) {
    const message = `must be "${id}", as in the path, or be left out`;
    throw new PerennialError('VALIDATION_FAILED', `The body names the ${kind} "${body.id}", the path "${id}".`, {
      fields: [{ field: 'id', value: body.id, message }],
      remedy: 'Leave the id out of the body.',
    });
  }
  return { ...body, id };
}
