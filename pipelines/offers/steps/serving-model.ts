import { PerennialError } from '../../../contracts/errors.ts';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input, optionalInput } from '../../../domain/dag/step-inputs.ts';
import { offersModel } from '../datasets.ts';
import { isUsable } from '../model.ts';
import { PublishOutput, ServingModelOutput, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';

/** The champion, if this code reads it and all it has seen lies before `asOf`; else the version this run made. */
export const servingModel: StepDefinition<OffersParams> = {
  title: 'Choose the model that serves',
  needs: ['preprocess', 'publish'],
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
    return { version: model.version, artifact: { ...model.artifact } };
  },
};
