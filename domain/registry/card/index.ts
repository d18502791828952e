import type { ModelVersion } from '../../../contracts/models.ts';
import type { ModelRepository } from '../../ports/models.ts';
import { renderPage } from '../../report-page/index.ts';
import { compareVersions } from '../compare.ts';
import { periodsOf, versionBefore } from '../history.ts';
import { figuresOf, metricsSection } from './metrics.ts';
import {
  dataSection,
  differenceSection,
  formSections,
  originSection,
  servedSection,
  wordSections,
} from './sections.ts';
import { standingOf } from './state.ts';
import { moment } from './words.ts';

/**
 * The model card of a version, a page (Mitchell et al. 2019, Model Cards for Model Reporting): how it stands, how good it is,
 * what it is for and is not, what it was made from. It is compared with the champion, the champion with the one before it.
 *
 * @param now is printed: the card is of that time.
 */
export async function modelCard(
  models: Pick<ModelRepository, 'list' | 'history'>,
  version: ModelVersion,
  now: Date,
): Promise<string> {
  const { model } = version;
  const [versions, changes] = await Promise.all([models.list(model, { deleted: true }), models.history(model)]);
  const periods = periodsOf(changes);
  const other = opponentOf(
    version,
    versions,
    changes.filter(({ alias }) => alias === 'champion'),
  );
  const comparison = other && compareVersions(other, version);
  return renderPage({
    title: `${version.facts?.title ?? model}, version ${version.version}`,
    ...standingOf(version, periods),
    figures: figuresOf(version, comparison),
    sections: [
      await metricsSection(version, { versions, periods, comparison }),
      ...wordSections(version),
      ...dataSection(version),
      ...differenceSection(comparison),
      servedSection(version, periods),
      originSection(version),
      ...formSections(version),
    ],
    source: `Model card of ${model}, version ${version.version}, as the registry had it on ${moment(now.toISOString())}.`,
  });
}

/** The version that another is compared with: the champion, or for it the champion before; else the version made before. */
function opponentOf(
  version: ModelVersion,
  versions: readonly ModelVersion[],
  changes: Parameters<typeof versionBefore>[0],
): ModelVersion | null {
  const numbered = (number: number | null | undefined) =>
    versions.find((v) => v.version === number && number !== version.version);
  const champion = changes[0]?.version;
  const chosen = champion === version.version ? versionBefore(changes, () => true) : champion;
  return numbered(chosen) ?? versions.find((v) => v.version < version.version) ?? null;
}
