/** Datasets of the offers pipeline in the lake. */
export const datasets = {
  /** Sales by market and date. */
  sales: 'offers/sales',
  /** Rows that were refused, by date of ingest source, with their reasons. */
  quarantine: 'offers/sales-quarantine',
  /** Predicted lists by market and date. */
  nextProducts: 'offers/next-products',
} as const;

/** The model the pipeline publishes. */
export const offersModel = 'offers-next-products';
