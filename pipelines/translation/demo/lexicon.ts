/** A German noun's gender decides on its articles. */
export interface Noun {
  readonly en: string;
  readonly de: string;
  readonly gender: 'm' | 'f' | 'n';
}

const nouns = (list: string): Noun[] =>
  list.split(',').map((entry) => {
    const [en = '', de = '', gender = 'n'] = entry.trim().split('/');
    return { en, de, gender: gender as Noun['gender'] };
  });

/** What is worked on. */
export const parts = nouns(
  `engine/Motor/m, door/Tür/f, wheel/Rad/n, brake/Bremse/f, filter/Filter/m, pump/Pumpe/f, valve/Ventil/n, cable/Kabel/n,
  sensor/Sensor/m, battery/Batterie/f, mirror/Spiegel/m, seat/Sitz/m, lamp/Lampe/f, tank/Tank/m, hose/Schlauch/m,
  screw/Schraube/f, window/Fenster/n, roof/Dach/n, key/Schlüssel/m, gearbox/Getriebe/n, clutch/Kupplung/f, horn/Hupe/f,
  belt/Riemen/m, spring/Feder/f, axle/Achse/f, radiator/Kühler/m, exhaust/Auspuff/m, tyre/Reifen/m, pedal/Pedal/n,
  lever/Hebel/m, switch/Schalter/m, fuse/Sicherung/f, relay/Relais/n, nozzle/Düse/f, seal/Dichtung/f, bolt/Bolzen/m,
  plate/Platte/f, shaft/Welle/f, bearing/Lager/n, piston/Kolben/m, cylinder/Zylinder/m, display/Anzeige/f, frame/Rahmen/m,
  hinge/Scharnier/n, cover/Deckel/m, chain/Kette/f, bonnet/Haube/f, antenna/Antenne/f, charger/Ladegerät/n, rail/Schiene/f`,
);

/** Parts that stand in the glossary and in no text to train on: whoever translates them has read the glossary. */
export const unseenParts = nouns(
  `dipstick/Ölmessstab/m, tailgate/Heckklappe/f, towbar/Anhängerkupplung/f, sunroof/Schiebedach/n, wiper/Scheibenwischer/m,
  dashboard/Armaturenbrett/n, headrest/Kopfstütze/f, airbag/Luftsack/m, crankcase/Kurbelgehäuse/n, camshaft/Nockenwelle/f,
  flywheel/Schwungrad/n, turbocharger/Abgaslader/m`,
);

/** Who works. */
export const people = nouns(
  `driver/Fahrer/m, mechanic/Mechaniker/m, engineer/Ingenieur/m, inspector/Prüfer/m, manager/Leiter/m, apprentice/Lehrling/m,
  woman/Frau/f, buyer/Käufer/m, painter/Lackierer/m, seller/Verkäufer/m`,
);

const pairs = (list: string): { readonly en: string; readonly de: string }[] =>
  list.split(',').map((entry) => {
    const [en = '', de = ''] = entry.trim().split('/');
    return { en, de };
  });

/** German without ending. */
export const adjectives = pairs(
  'new/neu, old/alt, small/klein, large/groß, clean/sauber, broken/defekt, heavy/schwer, red/rot, black/schwarz, white/weiß, long/lang, short/kurz, wet/nass, warm/warm, cold/kalt',
);

/** English base form, English third person; German third person and infinitive. */
export const verbs = (
  [
    'check/checks/prüft/prüfen',
    'replace/replaces/ersetzt/ersetzen',
    'clean/cleans/reinigt/reinigen',
    'open/opens/öffnet/öffnen',
    'close/closes/schließt/schließen',
    'remove/removes/entfernt/entfernen',
    'order/orders/bestellt/bestellen',
    'paint/paints/lackiert/lackieren',
    'repair/repairs/repariert/reparieren',
    'lift/lifts/hebt/heben',
    'hold/holds/hält/halten',
    'press/presses/drückt/drücken',
    'cool/cools/kühlt/kühlen',
    'fetch/fetches/holt/holen',
  ] as const
).map((entry) => {
  const [base = '', third = '', de = '', infinitive = ''] = entry.split('/');
  return { base, third, de, infinitive };
});

export const places = pairs(
  'in the workshop/in der Werkstatt, in the hall/in der Halle, at the gate/am Tor, under the car/unter dem Auto, behind the house/hinter dem Haus, on the bench/auf der Bank',
);

export const times = pairs('today/heute, tomorrow/morgen, now/jetzt, often/oft, every day/jeden Tag');
