import { PerennialError } from '../../../contracts/errors.ts';

/**
 * A language tag in its canonical form (BCP 47, by `Intl.getCanonicalLocales`): `EN_us` becomes `en-US`.
 *
 * @returns null for what is no language tag.
 */
export function canonicalLanguage(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag.trim().replaceAll('_', '-'))[0] ?? null;
  } catch {
    return null;
  }
}

/** {@link canonicalLanguage} for what a caller gives. VALIDATION_FAILED naming the field. */
export function checkLanguage(field: string, tag: string): string {
  const canonical = canonicalLanguage(tag);
  if (canonical !== null) return canonical;
  throw new PerennialError('VALIDATION_FAILED', `${field} "${tag}" is not a language tag.`, {
    fields: [{ field, value: tag, message: 'must be a BCP 47 tag' }],
    remedy: 'Give a tag such as en, de-AT or zh-Hant.',
  });
}

/**
 * How well a language of a file fits the one that is wanted: 3 the same, 2 one is the other without its region (`en` and
 * `en-US`, both ways), 0 not at all. Other regions (`en-GB` for `en-US`) and other scripts (`zh-TW` for `zh-CN`) do not
 * fit; scripts that are left out are those the language usually has (CLDR's likely subtags).
 *
 * @param tag as the file has it, canonical or not.
 * @param wanted canonical.
 */
export function languageFit(tag: string, wanted: string): 0 | 2 | 3 {
  const canonical = canonicalLanguage(tag);
  if (canonical === null) return 0;
  if (canonical === wanted) return 3;
  const [a, b] = [new Intl.Locale(canonical), new Intl.Locale(wanted)];
  if (a.language !== b.language || a.maximize().script !== b.maximize().script) return 0;
  if (a.region !== undefined && b.region !== undefined && a.region !== b.region) return 0;
  return 2;
}

/** Picks texts of a file by language; remembers the tags it has seen, which are few. */
export class LanguageMatcher {
  readonly #wanted: string;
  readonly #known = new Map<string, 0 | 2 | 3>();

  constructor(wanted: string) {
    this.#wanted = wanted;
  }

  fit(tag: string): 0 | 2 | 3 {
    const known = this.#known.get(tag);
    if (known !== undefined) return known;
    const fit = languageFit(tag, this.#wanted);
    // A file that makes up languages must not fill the memory.
    if (this.#known.size < 1000) this.#known.set(tag, fit);
    return fit;
  }

  /** The one that fits best, the first of equals. */
  best<T>(items: readonly T[], tagOf: (item: T) => string): T | undefined {
    let best: T | undefined;
    let most = 0;
    for (const item of items) {
      const fit = this.fit(tagOf(item));
      if (fit > most) [best, most] = [item, fit];
    }
    return best;
  }
}
