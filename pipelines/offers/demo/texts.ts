import type { Random } from '../../../domain/nlp/random.ts';
import type { DemoProduct } from './catalogue.ts';
import type { DemoCustomer } from './customers.ts';

const openings = [
  'We are a family shop and café. ',
  'Notes from the last visit: ',
  'Welcome to our store! ',
  'From the website: ',
];
const mentions = ['In daily use here: ', 'On our shelves you find ', 'The team relies on ', 'We always have '];

/** What a customer writes about itself: names products it uses, those it buys elsewhere too, in words of its own. */
export function customerText(customer: DemoCustomer, catalogue: readonly DemoProduct[], random: Random): string {
  const used = Int32Array.of(...customer.staples.slice(0, 3), ...customer.gap);
  // In no order: where something stands doesn't tell whether it is bought.
  random.shuffle(used);
  const sentences = Array.from(
    used,
    (product) => `${mentions[random.below(mentions.length)]}${spoken(catalogue[product]?.description ?? '')}.`,
  );
  return `${openings[random.below(openings.length)]}${sentences.join(' ')}\n`;
}

/** "SET OF 4 RETROSPOT MUG RED" as people say it: "red retrospot mug". */
function spoken(description: string): string {
  const words = description
    .replace(/^(SET OF|PACK OF) \d+ |^(LARGE|SMALL) /, '')
    .toLowerCase()
    .split(' ');
  return [words.at(-1), ...words.slice(0, -1)].join(' ');
}
