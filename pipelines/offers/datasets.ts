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
  /** Those that came by the API, by date; they stand for what files say of the same offers. */
  apiOutcomes: 'offers/offer-outcomes-api',
  outcomesQuarantine: 'offers/offer-outcomes-quarantine',
  /** Offers to make, holdouts among them, by market and date. */
  chosenOffers: 'offers/chosen-offers',
  /** Sentences of customers' documents, by date and batch of ingest; the newest batch with a file is what it says now. */
  documents: 'offers/documents',
  /** Documents that could not be read, by date of ingest, with the reasons. */
  documentsQuarantine: 'offers/documents-quarantine',
  /** Products that customers use and don't buy, by market and date; those in no assortment among them. */
  assortmentGaps: 'offers/assortment-gaps',
  /** Predicted lists by market and date. */
  nextProducts: 'offers/next-products',
  /** Beginnings of the lists of two versions, by rollout, its step, market and date: what the rollout compares. */
  comparedLists: 'offers/compared-lists',
  /** One list of each market by date, over all customers: what to talk about with whom. */
  marketLists: 'offers/market-lists',
} as const;

/** The model the pipeline publishes. */
export const offersModel = 'offers-next-products';
/** The model that finds assortment gaps. */
export const gapModel = 'offers-assortment-gaps';
