/** Pairs of texts: partition pair (en-de), domain (`general` or a memory's id), part (`train`, or `dev` where it is given). */
export const parallel = 'parallel';
/** Lines that were refused, with their reason: the same partitions. */
export const quarantine = 'parallel-quarantine';
/** Domain of text that belongs to none. */
export const generalDomain = 'general';
