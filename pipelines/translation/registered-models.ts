import { TranslationSettings } from '../../contracts/translation-settings.ts';
import { formatVersion, loadManifest, translationGates } from '../../domain/nlp/translator/index.ts';
import type { ModelKind } from '../../domain/registry/kinds.ts';
import { defaultPlan } from '../../domain/rollout/index.ts';

/** The models that the pipeline publishes, one a pair, and how their form is told. */
export const registeredModels: readonly ModelKind[] = [
  {
    name: 'translation-*',
    formatVersion,
    settings: TranslationSettings,
    rollout: { gates: [...defaultPlan.gates, ...translationGates] },
    async parts(artifacts, artifact) {
      const { weights, subwords, aligner } = await loadManifest(artifacts, artifact);
      return [weights, subwords, ...(aligner ? [aligner] : [])];
    },
  },
];
