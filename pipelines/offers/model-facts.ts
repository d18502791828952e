import type { ModelFacts, ModelSignature } from '../../contracts/models.ts';

/** What goes into the model of next products and what comes out. */
export const nextProductsSignature: ModelSignature = {
  inputs: [
    {
      name: 'sales',
      type: 'table',
      shape: 'one row for each product a customer bought on a day',
      means: 'Customer, product, market, day, quantity and price of all purchases before the day lists are made for.',
    },
    { name: 'products', type: 'table', shape: 'one row a product', means: 'Description of each product, as text.' },
  ],
  outputs: [
    {
      name: 'list',
      type: 'table',
      shape: 'customers × the products of a list, rank 1 first',
      means: 'Products a customer buys next; a second list has only those it has never bought here.',
    },
    {
      name: 'score',
      type: 'float32',
      shape: 'one a product of a list',
      means: 'Higher is likelier; orders a list, compares nothing else.',
    },
    {
      name: 'probability',
      type: 'float64, 0 to 1',
      shape: 'one a product of a list',
      means: 'Chance that the customer buys the product within the days the model was judged on.',
    },
    {
      name: 'expected revenue',
      type: 'float64',
      shape: 'one a product of a list',
      means: 'Revenue expected within these days, in units of the currency of the sales.',
    },
  ],
};

/** @param horizonDays days its probabilities are about. */
export function nextProductsFacts(horizonDays: number): ModelFacts {
  return {
    title: 'Next products',
    use: [
      'Lists, for each customer of each market, the products it buys next, and separately those it has never bought here.',
      'Meant for sales people and for campaigns that are made from the lists of a day.',
    ],
    limits: [
      `Probabilities and revenue are about the ${horizonDays} days after the day lists are made for; over other times they are not right.`,
      'It knows purchases here alone: what customers buy elsewhere, or stop needing, it does not see.',
      'It is judged on customers who bought something in the days held out; for those who come back after a long time it is less sure than the figures say.',
      'Nothing in it looks at who is a person: use it for business customers.',
    ],
    metrics: {
      ndcgAll: { title: 'NDCG@10', better: 'higher' },
      ndcgNew: { title: 'NDCG@10, new products', better: 'higher' },
      hitAll: { title: 'Customers with a hit among 10', better: 'higher' },
      liftOverPopularity: { title: 'Hits against popularity', better: 'higher', digits: 2 },
      calibrationError: { title: 'Calibration error', better: 'lower', digits: 4 },
      expectedRevenue: { title: 'Expected revenue', better: null, digits: 0 },
      realisedRevenue: { title: 'Realised revenue', better: null, digits: 0 },
      ndcgFrequency: { title: 'NDCG@10 of what each bought most often', better: null },
      customers: { title: 'Customers judged on', better: null, digits: 0 },
    },
  };
}

export const responseSignature: ModelSignature = {
  inputs: [
    {
      name: 'features',
      type: 'float32',
      shape: 'offers × features, named in the model',
      means: 'What customer and product did before the day of the offer.',
    },
    { name: 'discount', type: 'float64', shape: 'one an offer', means: 'Percent of the price.' },
  ],
  outputs: [
    {
      name: 'probability',
      type: 'float64, 0 to 1',
      shape: 'one an offer',
      means: 'Chance that the offer leads to a sale; at a discount of 0 the chance without an offer.',
    },
  ],
};

export const responseFacts: ModelFacts = {
  title: 'Response to offers',
  use: [
    'Says how likely an offer of a product at a discount leads to a sale, so that the offers of a budget can be chosen.',
  ],
  limits: [
    'What an offer adds is measured where customers were held out at random; without such holdouts it tells who buys, not whom an offer moves.',
    'Discounts beyond those offered in the past are extrapolated.',
  ],
  metrics: {
    auc: { title: 'AUC', better: 'higher' },
    calibrationError: { title: 'Calibration error', better: 'lower', digits: 4 },
    qini: { title: 'Qini coefficient', better: 'higher', digits: 4 },
    qiniUntargeted: { title: 'Qini of who buys anyway', better: null, digits: 4 },
    offers: { title: 'Offers learned from', better: null, digits: 0 },
    judgedOn: { title: 'Offers judged on', better: null, digits: 0 },
  },
};

export const gapSignature: ModelSignature = {
  inputs: [
    {
      name: 'sentences',
      type: 'text',
      shape: 'sentences × customers',
      means: 'What customers write of themselves: menus, pages, notes.',
    },
    {
      name: 'purchases',
      type: 'table',
      shape: 'one row a customer and product',
      means: 'What they bought here, ever.',
    },
  ],
  outputs: [
    {
      name: 'gaps',
      type: 'table',
      shape: 'customers × products used and not bought',
      means:
        'The chance that a customer uses the product, with the sentence that shows it; things in no assortment by their names.',
    },
  ],
};

export const gapFacts: ModelFacts = {
  title: 'Assortment gaps',
  use: ['Finds in customers’ own texts products they use and do not buy here.'],
  limits: [
    'It learns from what customers buy here: what nobody who writes buys is hard to find.',
    'Texts that are old are taken as true.',
  ],
  metrics: {
    boughtHere: { title: 'Share of used products that are bought here', better: null },
    outsideThings: { title: 'Things found in no assortment', better: null, digits: 0 },
  },
};
