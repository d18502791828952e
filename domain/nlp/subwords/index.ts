export type { Casing } from './casing.ts';
export { factor, factorCount } from './factors.ts';
export { end } from './special.ts';
export { type Segment, Subwords } from './subwords.ts';
export { trainSubwords } from './train.ts';
