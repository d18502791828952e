import type { AlertDefinition, AlertDefinitionRecord } from '../../contracts/alerts.ts';
import type { DefinitionChange } from '../../contracts/definitions.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { AnyPipeline } from '../dag/definition.ts';
import type { AlertDefinitionRepository } from '../ports/alerts.ts';
import type { Clock } from '../ports/clock.ts';
import { checkAlert } from './check.ts';
import { codeAlerts, diffAlerts } from './code.ts';

/** Alert definitions as people handle them. Faults are VALIDATION_FAILED, an unknown id is NOT_FOUND. */
export interface AlertDefinitionService {
  list(): Promise<AlertDefinitionRecord[]>;
  get(id: string): Promise<AlertDefinitionRecord>;
  /** CONFLICT when the id is taken. */
  create(definition: AlertDefinition): Promise<AlertDefinitionRecord>;
  /** Makes or replaces; CONFLICT for one that stands in the code. The same again changes nothing. */
  put(definition: AlertDefinition): Promise<{ definition: AlertDefinitionRecord; created: boolean }>;
  /** CONFLICT for one that stands in the code. */
  remove(id: string): Promise<void>;
  setEnabled(id: string, enabled: boolean, note: string): Promise<AlertDefinitionRecord>;
  /** What applying the definitions of this code would change. */
  diff(): Promise<DefinitionChange[]>;
}

export function createAlertDefinitionService({
  pipelines,
  alertDefinitions,
  clock,
}: {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly alertDefinitions: AlertDefinitionRepository;
  readonly clock: Clock;
}): AlertDefinitionService {
  const find = async (id: string): Promise<AlertDefinitionRecord> => {
    const record = await alertDefinitions.get(id);
    if (record) return record;
    throw new PerennialError('NOT_FOUND', `There is no alert definition "${id}".`, {
      remedy: 'GET /v1/alert-definitions lists them.',
    });
  };
  const own = ({ id, origin }: AlertDefinitionRecord): void => {
    if (origin === 'api') return;
    throw new PerennialError('CONFLICT', `The alert definition "${id}" stands in the code.`, {
      remedy: 'Disable it here and make one with another id, or change it there.',
    });
  };
  const create = (definition: AlertDefinition) =>
    alertDefinitions.create({ ...checkAlert(definition), origin: 'api' }, clock.now());
  return {
    list: () => alertDefinitions.list(),
    get: find,
    create,
    async put(given) {
      const checked = checkAlert(given);
      const existing = await alertDefinitions.get(given.id);
      if (!existing) return { definition: await create(given), created: true };
      own(existing);
      if (existing.hash === checked.hash) return { definition: existing, created: false };
      const replaced = await alertDefinitions.replace({ ...checked, origin: 'api' }, clock.now());
      return { definition: replaced, created: false };
    },
    async remove(id) {
      own(await find(id));
      await alertDefinitions.remove(id);
    },
    setEnabled: (id, enabled, note) => alertDefinitions.setEnabled(id, enabled, note, clock.now()),
    diff: async () => diffAlerts(codeAlerts(pipelines), await alertDefinitions.list()),
  };
}
