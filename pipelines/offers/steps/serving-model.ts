import { PerennialError } from '../../../contracts/errors.ts';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input, optionalInput } from '../../../domain/dag/step-inputs.ts';
import { marketRoutes } from '../../../domain/rollout/index.ts';
import { offersModel } from '../datasets.ts';
import { isUsable } from '../model.ts';
import { PublishOutput, ServingModelOutput, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';

/**
 * The champion, if this code reads it and all it has seen lies before `asOf`; else the version this run made. In markets in which a
 * rollout has given the lists to another version, that one under the same conditions.
 */
export const servingModel: StepDefinition<OffersParams> = {
  title: 'Choose the model that serves',
  version: '2',
  needs: ['preprocess', 'publish', 'judge-rollouts'],
  resources: { class: 'light' },
  output: ServingModelOutput,
  async run({ inputs, services }) {
    const { asOf } = input(inputs, 'preprocess', TablesOutput);
    const champion = await services.models.byAlias(offersModel, 'champion');
    const made = optionalInput(inputs, 'publish', PublishOutput)?.version;
    const model =
      champion && isUsable(champion, asOf)
        ? champion
        : made === undefined
          ? null
          : await services.models.get(offersModel, made);
    if (!model) {
      throw new PerennialError('DATA_MISSING', `There is no model whose training data all lie before ${asOf}.`, {
        remedy: 'Run with train=always.',
      });
    }
    const markets: Record<string, { version: number; artifact: { uri: string; sha256: string; bytes: number } }> = {};
    for (const [market, version] of marketRoutes(await services.traffic.list(), offersModel)) {
      if (version === model.version) continue;
      const own = await services.models.get(offersModel, version);
      if (own && isUsable(own, asOf)) markets[market] = { version, artifact: { ...own.artifact } };
    }
    return { version: model.version, artifact: { ...model.artifact }, markets };
  },
};
