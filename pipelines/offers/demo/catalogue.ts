import type { Random } from '../../../domain/nlp/random.ts';

/** A product of the demo world. */
export interface DemoProduct {
  readonly id: string;
  readonly description: string;
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

/** `count` products; words of a description tell theme, style and colour, so that texts say something about tastes. */
export function makeCatalogue(count: number, random: Random): DemoProduct[] {
  const pick = <T>(list: readonly T[]): T => list[random.below(list.length)] as T;
  return Array.from({ length: count }, (_, i) => {
    const theme = i % themes.length;
    const { goods, season } = themes[theme] as (typeof themes)[number];
    return {
      id: String(20_000 + i),
      description: `${pick(packs)}${pick(styles)} ${pick(goods)} ${pick(colours)}`,
      theme,
      price: Math.round(Math.exp(0.2 + 2.2 * random.next()) * 100) / 100,
      season,
    };
  });
}
