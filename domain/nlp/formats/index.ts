export { type CodedText, partsOf, placeholderOf, plainText } from './inline-codes.ts';
export { checkLanguage } from './languages.ts';
export { readPo, writePo } from './po.ts';
export { type Bytes, type Read, type ReadOptions, type RowFault, termFault, translationFault } from './rows.ts';
export { readMemoryTable, readTermTable, writeMemoryTable, writeTermTable } from './tables.ts';
export { readTbx, writeTbx } from './tbx.ts';
export { readTmx, writeTmx } from './tmx.ts';
export { readXliff, readXliffSegments, type XliffSegment } from './xliff.ts';
export { translateXliff, writeXliff, type XliffTranslation } from './xliff-write.ts';
