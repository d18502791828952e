/** What became of an offer. */
export interface NewOutcome {
  /** The same offer has the same id, however often its outcome is told. */
  readonly id: string;
  /** '' where nobody says. */
  readonly market: string;
  readonly customerId: string;
  readonly productId: string;
  /** Day of the offer, YYYY-MM-DD. */
  readonly date: string;
  /** Percent of the price. */
  readonly discount: number;
  readonly sale: boolean;
  /** The customer was drawn by chance to get no offer. */
  readonly holdout: boolean;
}

/** An outcome with the chosen offer that it is of. */
export interface OutcomeRecord extends NewOutcome {
  readonly prediction: {
    /** Day that the offer was chosen for. */
    readonly asOf: string;
    readonly rank: number;
    /** Version of `offers-response`. */
    readonly modelVersion: number;
    /** The chance of a sale that it gave: with the offer, or, for holdouts, without one. */
    readonly probability: number;
  } | null;
}

/** An outcome and where it is known from. */
export interface ToldOutcome extends OutcomeRecord {
  readonly origin: 'file' | 'api';
  /** Name of the key that told it; null: a file did. */
  readonly by: string | null;
  /** ISO 8601. */
  readonly at: string;
}

/** Offers of like predicted chance. */
export interface OutcomeBin {
  readonly rows: number;
  /** Mean predicted chance, and share that sold. */
  readonly predicted: number;
  readonly observed: number;
}

/** How a version's predictions of a market's offers came true. */
export interface OutcomeQuality {
  readonly market: string;
  readonly modelVersion: number;
  /** Offers chosen to be made. */
  readonly offers: number;
  /** Those of them whose outcome is known; what follows is of these. */
  readonly outcomes: number;
  /** Share that sold, and the mean chance that was predicted; null: none is known. */
  readonly conversion: number | null;
  readonly predicted: number | null;
  /** Mean squared distance of chance and outcome (Brier 1950). */
  readonly brier: number | null;
  /** Share by which that is less than for telling everybody the conversion; null where that has none. */
  readonly brierSkill: number | null;
  /** Mean distance of predicted and observed rate over bins of equal mass, weighed by rows. */
  readonly calibrationError: number | null;
  readonly bins: readonly OutcomeBin[];
  /** Outcomes known of customers that got no offer, and the share that bought all the same. */
  readonly heldOut: number;
  readonly heldOutConversion: number | null;
}

/** Offers of like predicted chance, with how sure it is what share of such offers sells. */
export interface ReliabilityBin extends OutcomeBin {
  /** The lowest and the highest chance that one of them was given. */
  readonly lowest: number;
  readonly highest: number;
  readonly sold: number;
  /** 95 % interval of the share that sells (Wilson 1927). */
  readonly interval: { readonly lower95: number; readonly upper95: number };
}

/** Whether offers of a market sold as often as it was said they would. */
export interface OfferCalibration {
  readonly market: string;
  /** Days of the offers, YYYY-MM-DD, the last one not included. */
  readonly from: string;
  readonly to: string;
  /** Version of `offers-response` that chose them; null: any. */
  readonly modelVersion: number | null;
  /** Offers chosen to be made. */
  readonly offers: number;
  /** Those of them whose outcome is known; what follows is of these. */
  readonly outcomes: number;
  /** Mean chance that was predicted, and share that sold; null: no outcome is known. */
  readonly predicted: number | null;
  readonly observed: number | null;
  /** Expected calibration error: mean distance of predicted and observed rate over the bins, weighed by offers; null as above. */
  readonly calibrationError: number | null;
  /** At most ten of equal mass, each of 20 offers or more where there are as many; by rising chance. */
  readonly bins: readonly ReliabilityBin[];
}
