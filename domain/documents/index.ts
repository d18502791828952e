export { type Caller, createDocumentService, type DocumentRequest, type DocumentService } from './service.ts';
export type { Upload } from './upload.ts';
