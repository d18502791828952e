import { catalogueOf } from '../../../domain/assortment-gap/catalogue.ts';
import { type Assortment, type CustomerText, trainLinker } from '../../../domain/assortment-gap/index.ts';
import { Random, silentHooks } from '../../../domain/nlp/index.ts';

export const goods = ['TEAPOT', 'CANDLE', 'NOTEBOOK', 'PARASOL', 'CUSHION', 'APRON', 'LANTERN', 'JIGSAW'];
export const colours = ['RED', 'BLUE', 'GREEN', 'YELLOW', 'PINK'];
/** As the customers call the goods; nothing of it is like a name. */
export const called = ['kanu', 'morfil', 'zetha', 'brundo', 'quaff', 'lisk', 'wompe', 'dryx'];
export const names = colours.flatMap((colour) => goods.map((good) => `SET OF 2 ${good} ${colour}`));
export const catalogue = catalogueOf(names);
const customers = 600;

/** Each customer buys four products, and writes of three of them, of two that it doesn't buy, and of the weather. */
export function plantedTexts(): { assortment: Assortment; texts: CustomerText[] } {
  const random = new Random(1);
  const bought: number[][] = [];
  const texts = Array.from({ length: customers }, (_, customer) => {
    const some = Int32Array.from(names.keys());
    random.shuffle(some);
    bought.push([...some.subarray(0, 4)].sort((a, b) => a - b));
    const said = Int32Array.from([...some.subarray(0, 3), ...some.subarray(4, 6)], (p) => p);
    random.shuffle(said);
    const sentences = Array.from(
      said,
      (p) => `Wir haben ${colours[Math.floor(p / goods.length)]!.toLowerCase()} ${called[p % goods.length]} im Laden.`,
    );
    return { customer, source: 'notes.txt', sentences: [...sentences, 'Das Wetter war gut, der Himmel blue.'] };
  });
  const assortment = {
    names,
    market: new Int32Array(customers),
    bought: {
      start: Int32Array.from({ length: customers + 1 }, (_, c) => 4 * c),
      product: Int32Array.from(bought.flat()),
    },
  };
  return { assortment, texts };
}

/** An encoder that knows the names alone. */
export async function encoderOfNames() {
  const nobody = { names, market: new Int32Array(0), bought: { start: new Int32Array(1), product: new Int32Array(0) } };
  const options = { seed: 1, steps: 150, dimensions: 24, buckets: 2048 };
  return (await trainLinker(nobody, [], options, silentHooks())).encoder;
}
