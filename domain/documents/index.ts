export { expiredError } from './expired.ts';
export { forgetDocuments } from './forget.ts';
export type { Caller, DocumentRequest } from './request.ts';
export { createDocumentService, type DocumentService } from './service.ts';
export type { Upload } from './upload.ts';
