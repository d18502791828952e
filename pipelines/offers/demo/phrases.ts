import type { DemoLanguage } from './vocabulary.ts';

/** Sentences around a mention (%): of what is used, and of what is not, no longer, or only by others. */
export const sentences: Readonly<
  Record<DemoLanguage, { readonly used: readonly string[]; readonly unused: readonly string[] }>
> = {
  en: {
    used: [
      'In daily use here: %.',
      'On our shelves you find %.',
      'The team relies on %.',
      'We always have % in stock.',
      'Guests love our %.',
      'Every morning we set out %.',
      'Our kitchen works with %.',
      'This week we put % in the window.',
      'We could not do without %.',
    ],
    unused: [
      'We no longer carry %.',
      'We gave up % last year.',
      'Nobody here ever asked for %.',
      'We do not want any %.',
      'We have never used %.',
      'The shop next door sells %, we leave that to them.',
    ],
  },
  de: {
    used: [
      'Täglich im Einsatz: %.',
      'In unseren Regalen finden Sie %.',
      'Das Team schwört auf %.',
      'Wir haben immer % vorrätig.',
      'Unsere Gäste lieben %.',
      'Jeden Morgen stellen wir % bereit.',
      'In der Küche arbeiten wir mit %.',
      'Diese Woche liegen % im Fenster.',
      'Ohne % geht bei uns nichts.',
    ],
    unused: [
      'Wir führen % nicht mehr.',
      'Letztes Jahr haben wir % aufgegeben.',
      'Nach % hat hier nie jemand gefragt.',
      'Wir wollen keine %.',
      'Noch nie verwendet haben wir %.',
      'Der Laden nebenan verkauft %, das überlassen wir ihm.',
    ],
  },
};

/** Sentences with words of the catalogue that speak of no product. */
export const idioms: Readonly<Record<DemoLanguage, readonly string[]>> = {
  en: [
    'Black Friday was our best day.',
    'We found a house in the heart of the old town.',
    'Our energy supplier is green.',
    'After a cup of tea everything looks better.',
    'The red tape of the town hall costs us hours.',
    'The picnic on the meadow is every first Sunday in July.',
    'Our garden is open until ten, the cake is homemade.',
    'A vintage car is parked in the yard.',
    'The clock on the tower strikes nine when we open.',
  ],
  de: [
    'Am Black Friday war unser bester Tag.',
    'Unser Herz schlägt für die Altstadt.',
    'Der Strom ist grün.',
    'Bei Rot bleibt die Tür zu.',
    'Unsere Gärtnerin mag Kerzen nicht, sie mag die Sonne.',
    'Unser Garten hat bis zehn geöffnet, die Torte ist hausgemacht.',
    'Der Schrank in der Küche ist voll.',
    'Wenn die Uhr am Turm neun schlägt, öffnen wir.',
    'Ein Stück Wald liegt hinter dem Haus.',
  ],
};
