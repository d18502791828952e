import type { Random } from '../../../domain/nlp/random.ts';

/** A product of the demo world. */
export interface DemoProduct {
  readonly id: string;
  readonly description: string;
  /** What the description is made of. */
  readonly words: { readonly style: string; readonly good: string; readonly colour: string };
  readonly theme: number;
  readonly price: number;
  /** Day of the year (0..364) around which it sells best; null: all year. */
  readonly season: number | null;
}

const themes: readonly { readonly goods: readonly string[]; readonly season: number | null }[] = [
  { goods: ['MUG', 'TEAPOT', 'SAUCER', 'MILK JUG', 'CAKE STAND', 'TEA TOWEL'], season: null },
  { goods: ['CANDLE', 'LANTERN', 'T-LIGHT HOLDER', 'GARLAND', 'FAIRY LIGHTS', 'BAUBLE'], season: 335 },
  { goods: ['GARDEN TROWEL', 'PLANT POT', 'BIRD FEEDER', 'WATERING CAN', 'SEED TIN', 'PARASOL'], season: 130 },
  { goods: ['NOTEBOOK', 'PENCIL TIN', 'GIFT WRAP', 'GREETING CARD', 'STICKER SHEET', 'RUBBER STAMP'], season: null },
  { goods: ['LUNCH BAG', 'WATER BOTTLE', 'SNACK BOX', 'PICNIC BASKET', 'COOL BAG', 'STRAWS'], season: 190 },
  { goods: ['CUSHION', 'DOORMAT', 'PHOTO FRAME', 'WALL CLOCK', 'COAT HOOK', 'DRAWER KNOB'], season: null },
  { goods: ['SOFT TOY', 'SKITTLES', 'JIGSAW', 'DOLLS HOUSE', 'SPINNING TOP', 'BUILDING BLOCKS'], season: 330 },
  { goods: ['APRON', 'ROLLING PIN', 'MEASURING SPOONS', 'RECIPE BOX', 'BREAD BIN', 'SPICE JAR'], season: null },
];
const colours = ['RED', 'BLUE', 'GREEN', 'CREAM', 'PINK', 'IVORY', 'BLACK', 'YELLOW'];
const styles = ['RETROSPOT', 'VINTAGE', 'SPACEBOY', 'FLORAL', 'STRIPED', 'POLKADOT', 'WOODLAND', 'HEART'];
const packs = ['', '', 'SET OF 2 ', 'SET OF 4 ', 'PACK OF 12 ', 'LARGE ', 'SMALL '];

export const themeCount = themes.length;

/**
 * `count` products; words of a description tell theme, style and colour, so that texts say something about tastes.
 *
 * @param distinct no two products differ in their pack alone, as long as there are combinations left (3,072); default false.
 */
export function makeCatalogue(count: number, random: Random, distinct = false): DemoProduct[] {
  const pick = <T>(list: readonly T[]): T => list[random.below(list.length)] as T;
  const taken = new Set<string>();
  return Array.from({ length: count }, (_, i) => {
    const theme = i % themes.length;
    const { goods, season } = themes[theme] as (typeof themes)[number];
    const pack = pick(packs);
    let words = { style: pick(styles), good: pick(goods), colour: pick(colours) };
    const combinations = styles.length * goods.length * colours.length;
    if (distinct && Math.floor(i / themes.length) < combinations) {
      while (taken.has(Object.values(words).join()))
        words = { style: pick(styles), good: pick(goods), colour: pick(colours) };
    }
    taken.add(Object.values(words).join());
    return {
      id: String(20_000 + i),
      description: `${pack}${words.style} ${words.good} ${words.colour}`,
      words,
      theme,
      price: Math.round(Math.exp(0.2 + 2.2 * random.next()) * 100) / 100,
      season,
    };
  });
}
