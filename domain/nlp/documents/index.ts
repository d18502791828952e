export { documentFormatOf, mediaTypeOf, openDocument } from './formats.ts';
export { translateDocument } from './translate.ts';
