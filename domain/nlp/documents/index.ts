export { openDocument } from './formats.ts';
export { translateDocument } from './translate.ts';
