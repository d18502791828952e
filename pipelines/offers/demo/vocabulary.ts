/** How people in two languages say the words of the demo catalogue: other names, and forms that follow the language. */
export type DemoLanguage = 'en' | 'de';

type Names = Readonly<Record<string, Readonly<Record<DemoLanguage, readonly string[]>>>>;

/** Names of goods: [singular, plural] joined by a slash. The first of a language is the usual one. */
export const goodNames: Names = {
  MUG: { en: ['mug/mugs', 'cup/cups', 'beaker/beakers'], de: ['Becher/Becher', 'Tasse/Tassen'] },
  TEAPOT: {
    en: ['teapot/teapots', 'tea pot/tea pots', 'brew pot/brew pots'],
    de: ['Teekanne/Teekannen', 'Kanne/Kannen'],
  },
  SAUCER: {
    en: ['saucer/saucers', 'underplate/underplates'],
    de: ['Untertasse/Untertassen', 'Unterteller/Unterteller'],
  },
  'MILK JUG': {
    en: ['milk jug/milk jugs', 'creamer/creamers'],
    de: ['Milchkännchen/Milchkännchen', 'Milchkrug/Milchkrüge'],
  },
  'CAKE STAND': {
    en: ['cake stand/cake stands', 'etagere/etageres'],
    de: ['Tortenplatte/Tortenplatten', 'Etagere/Etageren'],
  },
  'TEA TOWEL': {
    en: ['tea towel/tea towels', 'dishcloth/dishcloths'],
    de: ['Geschirrtuch/Geschirrtücher', 'Küchentuch/Küchentücher'],
  },
  CANDLE: { en: ['candle/candles', 'taper/tapers'], de: ['Kerze/Kerzen', 'Stumpenkerze/Stumpenkerzen'] },
  LANTERN: {
    en: ['lantern/lanterns', 'hurricane lamp/hurricane lamps'],
    de: ['Laterne/Laternen', 'Windlicht/Windlichter'],
  },
  'T-LIGHT HOLDER': {
    en: ['tealight holder/tealight holders', 'votive glass/votive glasses'],
    de: ['Teelichthalter/Teelichthalter', 'Teelichtglas/Teelichtgläser'],
  },
  GARLAND: { en: ['garland/garlands', 'festoon/festoons'], de: ['Girlande/Girlanden', 'Wimpelkette/Wimpelketten'] },
  'FAIRY LIGHTS': {
    en: ['fairy lights/fairy lights', 'string lights/string lights'],
    de: ['Lichterkette/Lichterketten', 'Leuchtgirlande/Leuchtgirlanden'],
  },
  BAUBLE: {
    en: ['bauble/baubles', 'tree ornament/tree ornaments'],
    de: ['Christbaumkugel/Christbaumkugeln', 'Weihnachtskugel/Weihnachtskugeln'],
  },
  'GARDEN TROWEL': {
    en: ['garden trowel/garden trowels', 'hand shovel/hand shovels'],
    de: ['Gartenkelle/Gartenkellen', 'Pflanzschaufel/Pflanzschaufeln'],
  },
  'PLANT POT': {
    en: ['plant pot/plant pots', 'planter/planters'],
    de: ['Blumentopf/Blumentöpfe', 'Pflanzkübel/Pflanzkübel'],
  },
  'BIRD FEEDER': {
    en: ['bird feeder/bird feeders', 'seed dispenser/seed dispensers'],
    de: ['Vogelfutterhaus/Vogelfutterhäuser', 'Futterspender/Futterspender'],
  },
  'WATERING CAN': {
    en: ['watering can/watering cans', 'sprinkling can/sprinkling cans'],
    de: ['Gießkanne/Gießkannen', 'Wasserkanne/Wasserkannen'],
  },
  'SEED TIN': {
    en: ['seed tin/seed tins', 'seed caddy/seed caddies'],
    de: ['Samendose/Samendosen', 'Saatgutdose/Saatgutdosen'],
  },
  PARASOL: {
    en: ['parasol/parasols', 'sunshade/sunshades'],
    de: ['Sonnenschirm/Sonnenschirme', 'Gartenschirm/Gartenschirme'],
  },
  NOTEBOOK: {
    en: ['notebook/notebooks', 'jotter/jotters', 'writing pad/writing pads'],
    de: ['Notizbuch/Notizbücher', 'Schreibheft/Schreibhefte'],
  },
  'PENCIL TIN': {
    en: ['pencil tin/pencil tins', 'pen case/pen cases'],
    de: ['Stiftedose/Stiftedosen', 'Federmäppchen/Federmäppchen'],
  },
  'GIFT WRAP': {
    en: ['gift wrap/gift wraps', 'wrapping paper/wrapping papers'],
    de: ['Geschenkpapier/Geschenkpapiere', 'Einwickelpapier/Einwickelpapiere'],
  },
  'GREETING CARD': {
    en: ['greeting card/greeting cards', 'birthday card/birthday cards'],
    de: ['Grußkarte/Grußkarten', 'Glückwunschkarte/Glückwunschkarten'],
  },
  'STICKER SHEET': {
    en: ['sticker sheet/sticker sheets', 'decal page/decal pages'],
    de: ['Stickerbogen/Stickerbögen', 'Aufkleberblatt/Aufkleberblätter'],
  },
  'RUBBER STAMP': {
    en: ['rubber stamp/rubber stamps', 'ink stamper/ink stampers'],
    de: ['Gummistempel/Gummistempel', 'Motivstempel/Motivstempel'],
  },
  'LUNCH BAG': {
    en: ['lunch bag/lunch bags', 'packed-meal pouch/packed-meal pouches'],
    de: ['Lunchbeutel/Lunchbeutel', 'Brotzeittasche/Brotzeittaschen'],
  },
  'WATER BOTTLE': {
    en: ['water bottle/water bottles', 'drinking flask/drinking flasks'],
    de: ['Trinkflasche/Trinkflaschen', 'Wasserflasche/Wasserflaschen'],
  },
  'SNACK BOX': {
    en: ['snack box/snack boxes', 'sandwich container/sandwich containers'],
    de: ['Brotdose/Brotdosen', 'Vesperbox/Vesperboxen'],
  },
  'PICNIC BASKET': {
    en: ['picnic basket/picnic baskets', 'hamper/hampers'],
    de: ['Picknickkorb/Picknickkörbe', 'Weidenkorb/Weidenkörbe'],
  },
  'COOL BAG': {
    en: ['cool bag/cool bags', 'insulated carrier/insulated carriers'],
    de: ['Kühltasche/Kühltaschen', 'Isoliertasche/Isoliertaschen'],
  },
  STRAWS: {
    en: ['straws/straws', 'sipping tubes/sipping tubes'],
    de: ['Trinkhalme/Trinkhalme', 'Strohhalme/Strohhalme'],
  },
  CUSHION: { en: ['cushion/cushions', 'throw pillow/throw pillows'], de: ['Kissen/Kissen', 'Polster/Polster'] },
  DOORMAT: {
    en: ['doormat/doormats', 'entrance rug/entrance rugs'],
    de: ['Fußmatte/Fußmatten', 'Fußabtreter/Fußabtreter'],
  },
  'PHOTO FRAME': {
    en: ['photo frame/photo frames', 'picture mount/picture mounts'],
    de: ['Fotorahmen/Fotorahmen', 'Bilderrahmen/Bilderrahmen'],
  },
  'WALL CLOCK': {
    en: ['wall clock/wall clocks', 'timepiece/timepieces'],
    de: ['Wanduhr/Wanduhren', 'Küchenuhr/Küchenuhren'],
  },
  'COAT HOOK': {
    en: ['coat hook/coat hooks', 'garment peg/garment pegs'],
    de: ['Kleiderhaken/Kleiderhaken', 'Garderobenhaken/Garderobenhaken'],
  },
  'DRAWER KNOB': {
    en: ['drawer knob/drawer knobs', 'cabinet pull/cabinet pulls'],
    de: ['Möbelknopf/Möbelknöpfe', 'Schubladenknauf/Schubladenknäufe'],
  },
  'SOFT TOY': {
    en: ['soft toy/soft toys', 'plushie/plushies'],
    de: ['Kuscheltier/Kuscheltiere', 'Plüschtier/Plüschtiere'],
  },
  SKITTLES: { en: ['skittles/skittles', 'ninepins/ninepins'], de: ['Kegelspiel/Kegelspiele', 'Holzkegel/Holzkegel'] },
  JIGSAW: { en: ['jigsaw/jigsaws', 'puzzle/puzzles'], de: ['Puzzle/Puzzles', 'Legespiel/Legespiele'] },
  'DOLLS HOUSE': {
    en: ['dolls house/dolls houses', 'miniature villa/miniature villas'],
    de: ['Puppenhaus/Puppenhäuser', 'Puppenstube/Puppenstuben'],
  },
  'SPINNING TOP': {
    en: ['spinning top/spinning tops', 'whirligig/whirligigs'],
    de: ['Kreisel/Kreisel', 'Brummkreisel/Brummkreisel'],
  },
  'BUILDING BLOCKS': {
    en: ['building blocks/building blocks', 'toy bricks/toy bricks'],
    de: ['Bauklötze/Bauklötze', 'Bausteine/Bausteine'],
  },
  APRON: { en: ['apron/aprons', 'pinny/pinnies'], de: ['Schürze/Schürzen', 'Kochschürze/Kochschürzen'] },
  'ROLLING PIN': {
    en: ['rolling pin/rolling pins', 'dough roller/dough rollers'],
    de: ['Nudelholz/Nudelhölzer', 'Teigrolle/Teigrollen'],
  },
  'MEASURING SPOONS': {
    en: ['measuring spoons/measuring spoons', 'dosing scoops/dosing scoops'],
    de: ['Messlöffel/Messlöffel', 'Dosierlöffel/Dosierlöffel'],
  },
  'RECIPE BOX': {
    en: ['recipe box/recipe boxes', 'cookery card file/cookery card files'],
    de: ['Rezeptbox/Rezeptboxen', 'Rezeptkasten/Rezeptkästen'],
  },
  'BREAD BIN': {
    en: ['bread bin/bread bins', 'loaf crock/loaf crocks'],
    de: ['Brotkasten/Brotkästen', 'Brottopf/Brottöpfe'],
  },
  'SPICE JAR': {
    en: ['spice jar/spice jars', 'seasoning pot/seasoning pots'],
    de: ['Gewürzglas/Gewürzgläser', 'Gewürzdose/Gewürzdosen'],
  },
};

/** Colours; the German ones take the endings of adjectives. */
export const colourNames: Names = {
  RED: { en: ['red', 'crimson'], de: ['rot', 'purpurfarben'] },
  BLUE: { en: ['blue', 'azure'], de: ['blau', 'himmelfarben'] },
  GREEN: { en: ['green', 'emerald'], de: ['grün', 'smaragdfarben'] },
  CREAM: { en: ['cream', 'off-white'], de: ['cremefarben', 'sahneweiß'] },
  PINK: { en: ['pink', 'rosy'], de: ['rosig', 'rosarot'] },
  IVORY: { en: ['ivory', 'bone-coloured'], de: ['elfenbeinfarben', 'naturweiß'] },
  BLACK: { en: ['black', 'jet'], de: ['schwarz', 'pechfarben'] },
  YELLOW: { en: ['yellow', 'lemon'], de: ['gelb', 'zitronenfarben'] },
};

/** Ranges: by their brand, which is the same in every language, or by what they look like. German adjectives, in lower case, take endings. */
export const styleNames: Names = {
  RETROSPOT: { en: ['retrospot', 'big-dotted'], de: ['Retrospot', 'großgepunktet', 'großgetupft'] },
  VINTAGE: { en: ['vintage', 'old-fashioned'], de: ['Vintage', 'nostalgisch', 'altmodisch'] },
  SPACEBOY: { en: ['spaceboy', 'astronaut'], de: ['Spaceboy', 'astronautisch', 'raumfahrtbunt'] },
  FLORAL: { en: ['floral', 'flowery'], de: ['Floral', 'geblümt', 'blumig'] },
  STRIPED: { en: ['striped', 'stripy'], de: ['gestreift', 'streifig'] },
  POLKADOT: { en: ['polkadot', 'spotty'], de: ['Polkadot', 'gepunktet', 'getupft'] },
  WOODLAND: { en: ['woodland', 'forest'], de: ['Woodland', 'waldig', 'forstlich'] },
  HEART: { en: ['heart', 'sweetheart'], de: ['Heart', 'herzförmig', 'herzig'] },
};

/** What customers have that no wholesaler of these goods sells, [singular, plural]. */
export const outsideNames: Readonly<Record<DemoLanguage, readonly string[]>> = {
  en: [
    'coffee machine/coffee machines',
    'cash register/cash registers',
    'delivery van/delivery vans',
    'dishwasher/dishwashers',
    'bar stool/bar stools',
    'hand dryer/hand dryers',
    'ice cream freezer/ice cream freezers',
    'card reader/card readers',
    'shop window/shop windows',
    'espresso grinder/espresso grinders',
    'awning/awnings',
    'floor lamp/floor lamps',
  ],
  de: [
    'Kaffeemaschine/Kaffeemaschinen',
    'Registrierkasse/Registrierkassen',
    'Lieferwagen/Lieferwagen',
    'Spülmaschine/Spülmaschinen',
    'Barhocker/Barhocker',
    'Händetrockner/Händetrockner',
    'Eistruhe/Eistruhen',
    'Kartenleser/Kartenleser',
    'Schaufenster/Schaufenster',
    'Mahlwerk/Mahlwerke',
    'Markise/Markisen',
    'Stehlampe/Stehlampen',
  ],
};
