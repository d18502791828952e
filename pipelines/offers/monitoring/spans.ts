/**
 * Days that are compared. A week, so that weekdays do not tell windows apart, with the twelve weeks before the training: the
 * season of then. As many lines of each day, so that no day counts for more than another.
 */
export const comparedDays = { reference: 84, window: 7, rowsPerDay: 100 } as const;
