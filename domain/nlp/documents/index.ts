export { openDocument } from './formats.ts';
export { readSentences } from './read.ts';
export { translateDocument } from './translate.ts';
