import { createReadStream } from 'node:fs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { documentMediaType } from '../../../contracts/document-formats.ts';
import type { DocumentRecord } from '../../../contracts/documents.ts';
import type { Caller, DocumentService } from '../../../domain/documents/index.ts';
import type { StoredDocument } from '../../../domain/ports/documents.ts';

export function callerOf({ apiKey }: FastifyRequest): Caller {
  return { id: apiKey?.id ?? '', name: apiKey?.name ?? '', isAdmin: apiKey?.role === 'admin' };
}

/** A document without what only the server needs. */
export function publicDocument({
  owner: _owner,
  input: _input,
  result: _result,
  ...record
}: StoredDocument): DocumentRecord {
  return record;
}

/** Answers with the translated file. */
export async function sendContent(service: DocumentService, id: string, request: FastifyRequest, reply: FastifyReply) {
  const { document, path } = await service.content(id, callerOf(request));
  const name = translatedName(document);
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  return reply
    .type(documentMediaType(document.format))
    .header('content-length', document.result?.bytes)
    .header('content-disposition', `attachment; filename="${plain}"; filename*=UTF-8''${encoded(name)}`)
    .header('x-content-type-options', 'nosniff')
    .send(createReadStream(path));
}

/** `manual.docx` becomes `manual.de.docx`. */
function translatedName({ name, target }: StoredDocument): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? `${name}.${target}` : `${name.slice(0, dot)}.${target}${name.slice(dot)}`;
}

/** As RFC 5987 has it. */
function encoded(name: string): string {
  return encodeURIComponent(name).replaceAll(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
