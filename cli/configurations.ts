import type { Json, JsonObject } from '../contracts/json.ts';
import { builtIn, type ServingConfiguration, type SettingComparison } from '../contracts/serving-configurations.ts';
import type { ApiClient } from './client.ts';
import { pathOf } from './models.ts';
import { table, time } from './terminal.ts';

/** What `GET /v1/models/:model/configurations` answers. */
export interface Configurations {
  readonly model: string;
  readonly inForce: number;
  readonly settings: Readonly<Record<string, { readonly description: string; readonly default: Json }>>;
  readonly configurations: readonly ServingConfiguration[];
}

/**
 * Keeps settings as a configuration of a model: those in force with some changed.
 *
 * @param set empty text takes a setting away, so that the built-in default holds.
 * @returns its number; {@link builtIn} when no setting is left.
 */
export async function configurationWith(
  api: ApiClient,
  model: string,
  set: Readonly<Record<string, unknown>>,
  reason: string,
): Promise<number> {
  const path = pathOf(model, 'configurations');
  const { inForce, configurations } = await api.get<Configurations>(path);
  const before = configurations.find(({ configuration }) => configuration === inForce)?.settings ?? {};
  const settings = Object.fromEntries(Object.entries({ ...before, ...set }).filter(([, value]) => value !== ''));
  if (Object.keys(settings).length === 0) return builtIn;
  return (await api.post<ServingConfiguration>(path, { settings, reason })).configuration;
}

const settingsText = (settings: JsonObject): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(' ');

export function configurationsText({ inForce, settings, configurations }: Configurations): string {
  const builtInSettings = Object.fromEntries(Object.entries(settings).map(([name, one]) => [name, one.default]));
  const rows = configurations.map((c) => [
    ...[c.configuration, c.configuration === inForce ? 'in force' : '', settingsText(c.settings)],
    ...[time(c.at), c.by, c.reason],
  ]);
  return table(
    ['configuration', '', 'settings', 'made', 'by', 'why'],
    [...rows, [builtIn, inForce === builtIn ? 'in force' : '', settingsText(builtInSettings), '', '', 'built in']],
    { right: ['configuration'] },
  );
}

export interface SettingsCompared {
  readonly model: string;
  readonly a: number;
  readonly b: number;
  readonly settings: readonly SettingComparison[];
}

export function settingsComparedText({ a, b, settings }: SettingsCompared): string {
  const names = [`configuration ${a}`, `configuration ${b}`] as const;
  return table(
    ['setting', ...names, '', 'what it does'],
    settings.map((s) => [s.name, JSON.stringify(s.a), JSON.stringify(s.b), s.same ? '' : 'differs', s.means]),
    { right: names },
  );
}
