import { createHash } from 'node:crypto';
import type { TObject } from 'typebox';
import { Value } from 'typebox/value';
import { type FieldFault, PerennialError } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { builtIn, type ServingConfiguration, type SettingComparison } from '../../contracts/serving-configurations.ts';
import { schemaFaults, tellFaults } from '../dag/params.ts';
import type { ModelRepository } from '../ports/models.ts';
import type { ServingConfigurationRepository } from '../ports/serving-configurations.ts';
import { kindOf, type ModelKind } from './kinds.ts';

/** What configuring models needs. */
export interface Configuring {
  readonly configurations: ServingConfigurationRepository;
  readonly models: Pick<ModelRepository, 'list'>;
  readonly kinds: readonly ModelKind[];
}

/**
 * The settings that a model has.
 *
 * @throws PARAMETER_INVALID for a model whose kind has none.
 */
export function settingsOf(kinds: readonly ModelKind[], model: string): TObject {
  const schema = kindOf(kinds, model)?.settings;
  if (schema) return schema;
  const configured = kinds.filter(({ settings }) => settings).map(({ name }) => name);
  throw new PerennialError('PARAMETER_INVALID', `The model "${model}" has no settings.`, {
    fields: [{ field: 'model', value: model, message: 'is of a kind that cannot be configured' }],
    remedy: `These can be configured: ${configured.join(', ') || 'none'}.`,
  });
}

/**
 * Keeps settings as the next configuration of a model; the same settings give the configuration there is. Nothing is served
 * by it before it is rolled out.
 *
 * @throws PARAMETER_INVALID naming each setting that is unknown or out of range, with its value and what is allowed; NOT_FOUND for
 * a model without versions.
 */
export async function addConfiguration(
  { configurations, models, kinds }: Configuring,
  { model, settings, by, reason }: Pick<ServingConfiguration, 'model' | 'settings' | 'by' | 'reason'>,
): Promise<{ readonly configuration: ServingConfiguration; readonly isNew: boolean }> {
  const schema = settingsOf(kinds, model);
  const checked = checkSettings(schema, model, settings);
  if ((await models.list(model)).length === 0)
    throw new PerennialError('NOT_FOUND', `There is no model "${model}".`, {
      remedy: '`perennial models` lists the models.',
    });
  const sha256 = createHash('sha256').update(JSON.stringify(checked)).digest('hex');
  return configurations.add({ model, settings: checked, sha256, by, reason });
}

/** Settings in the order of their schema, so that the same ones are known again. */
function checkSettings({ properties, ...schema }: TObject, model: string, given: JsonObject): JsonObject {
  const names = Object.keys(properties);
  const faults: FieldFault[] = schemaFaults({ ...schema, properties } as TObject, given).map((fault) => ({
    ...fault,
    field: `settings.${fault.field}`,
    ...(fault.value === undefined && Object.hasOwn(given, fault.field) ? { value: given[fault.field] } : {}),
    message: Object.hasOwn(properties, fault.field)
      ? fault.message
      : `is no setting of "${model}"; there are ${names.join(', ')}`,
  }));
  if (Object.keys(given).length === 0)
    faults.push({
      field: 'settings',
      value: {},
      message: `must have a setting: the built-in defaults are configuration ${builtIn}`,
    });
  if (faults.length === 0)
    return Object.fromEntries(names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])));
  const { told, text } = tellFaults(faults);
  throw new PerennialError('PARAMETER_INVALID', `Settings of "${model}": ${text}.`, {
    fields: told,
    remedy: `GET /v1/models/${model}/configurations shows the settings with their bounds and defaults.`,
  });
}

/**
 * A configuration of a model; of {@link builtIn} the one without settings, which has no record.
 *
 * @throws NOT_FOUND
 */
export async function findConfiguration(
  configurations: Pick<ServingConfigurationRepository, 'get'>,
  model: string,
  configuration: number,
): Promise<Pick<ServingConfiguration, 'model' | 'configuration' | 'settings'> & Partial<ServingConfiguration>> {
  if (configuration === builtIn) return { model, configuration, settings: {} };
  const found = await configurations.get(model, configuration);
  if (found) return found;
  throw new PerennialError('NOT_FOUND', `Model "${model}" has no configuration ${configuration}.`, {
    fields: [{ field: 'configuration', value: configuration, message: 'is none of the model' }],
    remedy: `\`perennial configurations ls ${model}\` lists its configurations.`,
  });
}

/** All settings, with the built-in defaults for those that are not given. */
export function completeSettings(schema: TObject, settings: JsonObject): JsonObject {
  return Value.Default(schema, Value.Clone(settings)) as JsonObject;
}

/** Two configurations side by side: each setting that there is, and whether it is the same. */
export function compareSettings(schema: TObject, a: JsonObject, b: JsonObject): SettingComparison[] {
  const [left, right] = [completeSettings(schema, a), completeSettings(schema, b)];
  return Object.entries(schema.properties).map(([name, property]) => {
    const [x, y] = [left[name] as Json, right[name] as Json];
    const { description: means = '' } = property as { readonly description?: string };
    return { name, a: x, b: y, same: x === y, means };
  });
}
