/** Datasets of the offers pipeline in the lake. */
export const datasets = {
  /** Sales by market and date. */
  sales: 'offers/sales',
  /** Rows that were refused, by date of ingest source, with their reasons. */
  quarantine: 'offers/sales-quarantine',
  /** Files that came in, by source. */
  ingestedFiles: 'offers/ingested-files',
  /** Offers made in the past and whether they led to a sale, by date. */
  outcomes: 'offers/offer-outcomes',
  outcomesQuarantine: 'offers/offer-outcomes-quarantine',
  /** Offers to make, holdouts among them, by market and date. */
  chosenOffers: 'offers/chosen-offers',
  /** Predicted lists by market and date. */
  nextProducts: 'offers/next-products',
  /** One list of each market by date, over all customers: what to talk about with whom. */
  marketLists: 'offers/market-lists',
} as const;

/** The model the pipeline publishes. */
export const offersModel = 'offers-next-products';
