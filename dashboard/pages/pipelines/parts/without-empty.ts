/** A draft as it is sent: fields that were emptied are left out, for the API takes an empty text for a value. */
export const withoutEmpty = <T extends object>(draft: T): T =>
  Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== '' && value !== undefined)) as T;
