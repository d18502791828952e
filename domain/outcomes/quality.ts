import type { OutcomeQuality } from '../../contracts/outcomes.ts';
import type { OutcomeCell, OutcomeFilter, OutcomeRepository } from '../ports/outcomes.ts';

/** How predictions of offers came true, by market and version, newest version first. */
export async function outcomeQuality(
  outcomes: Pick<OutcomeRepository, 'cells' | 'chosen'>,
  filter: OutcomeFilter,
): Promise<OutcomeQuality[]> {
  const [cells, chosen] = await Promise.all([outcomes.cells(filter), outcomes.chosen(filter)]);
  const keyOf = ({ market, modelVersion }: Pick<OutcomeCell, 'market' | 'modelVersion'>): string =>
    JSON.stringify([market, modelVersion]);
  const groups = new Map<string, OutcomeCell[]>(chosen.map((one) => [keyOf(one), []]));
  for (const cell of cells) groups.set(keyOf(cell), [...(groups.get(keyOf(cell)) ?? []), cell]);
  const offers = new Map(chosen.map((one) => [keyOf(one), one.offers]));
  return [...groups]
    .map(([key, of]): OutcomeQuality => {
      const [market, modelVersion] = JSON.parse(key) as [string, number];
      const made = of.filter(({ holdout }) => !holdout);
      const held = of.filter(({ holdout }) => holdout);
      const known = rowsOf(made);
      const conversion = meanOf(made, ({ observed }) => observed);
      const brier = known === 0 ? null : made.reduce((sum, { squares }) => sum + squares, 0) / known;
      const uninformed = conversion === null ? 0 : conversion * (1 - conversion);
      return {
        market,
        modelVersion,
        // An offer may have been made on a day after the one that it was chosen for.
        offers: Math.max(offers.get(key) ?? 0, known),
        outcomes: known,
        conversion,
        predicted: meanOf(made, ({ predicted }) => predicted),
        brier,
        brierSkill: brier === null || uninformed === 0 ? null : 1 - brier / uninformed,
        calibrationError: meanOf(made, ({ predicted, observed }) => Math.abs(predicted - observed)),
        bins: made.map(({ rows, predicted, observed }) => ({ rows, predicted, observed })),
        heldOut: rowsOf(held),
        heldOutConversion: meanOf(held, ({ observed }) => observed),
      };
    })
    .sort((a, b) => (a.market === b.market ? b.modelVersion - a.modelVersion : a.market < b.market ? -1 : 1));
}

const rowsOf = (cells: readonly OutcomeCell[]): number => cells.reduce((sum, { rows }) => sum + rows, 0);

/** Mean over outcomes; null without any. */
function meanOf(cells: readonly OutcomeCell[], value: (cell: OutcomeCell) => number): number | null {
  const all = rowsOf(cells);
  return all === 0 ? null : cells.reduce((sum, cell) => sum + cell.rows * value(cell), 0) / all;
}
