import { createHash, randomUUID } from 'node:crypto';
import { PerennialError } from '../../contracts/errors.ts';
import type { ModelVersion } from '../../contracts/models.ts';
import { isSameVariant, type ServingVariant, trafficKey, variantName } from '../../contracts/traffic.ts';
import type { Clock } from '../ports/clock.ts';
import type { ModelRepository } from '../ports/models.ts';
import type { PredictionRepository } from '../ports/results.ts';
import type { RolloutLauncher, RolloutRepository, RolloutRequest, RolloutStarter } from '../ports/rollouts.ts';
import type { ServingConfigurationRepository } from '../ports/serving-configurations.ts';
import type { TrafficRepository } from '../ports/traffic.ts';
import { findConfiguration } from '../registry/configurations.ts';
import { kindOf, type ModelKind } from '../registry/kinds.ts';
import { marketRoutes } from './market-routes.ts';
import { planOf } from './plan.ts';

export interface StartDeps {
  readonly models: Pick<ModelRepository, 'get' | 'byAlias'>;
  readonly configurations: Pick<ServingConfigurationRepository, 'get' | 'inForce'>;
  readonly rollouts: Pick<RolloutRepository, 'create' | 'get'>;
  readonly traffic: Pick<TrafficRepository, 'list'>;
  readonly predictions: Pick<PredictionRepository, 'markets'>;
  readonly rolloutLauncher: RolloutLauncher;
  readonly clock: Clock;
  /** What is known of the kinds of models; a model of none has the default plan, for all callers. */
  readonly kinds: readonly ModelKind[];
}

/** What starts rollouts, for people and for runs that publish. */
export function createRolloutStarter(deps: StartDeps): RolloutStarter {
  const { models, configurations, rollouts, rolloutLauncher, clock } = deps;
  return {
    async start(request, by) {
      const { model, plan = {}, reason, expected, key } = request;
      if (request.version === undefined && request.configuration === undefined) throw nothingToRollOut();
      const kind = kindOf(deps.kinds, model);
      const checked = planOf(kind, plan);
      const markets = await marketsOf(deps, kind, request);
      const idOf = (market: string): string =>
        key === undefined ? randomUUID() : idFrom(`${key}/${trafficKey(model, market)}`);
      if (key !== undefined) {
        const found = await Promise.all(markets.map((market) => rollouts.get(idOf(market))));
        const earlier = found.filter((rollout) => rollout !== null);
        if (earlier.length > 0) return earlier;
      }
      const champion = await models.byAlias(model, 'champion');
      if (champion === null)
        throw new PerennialError('CONFLICT', `Model "${model}" has no champion that could be replaced.`, {
          remedy: `Promote a version: \`perennial models promote ${model} --version ${request.version ?? 'N'}\`.`,
        });
      if (expected !== undefined && expected !== champion.version)
        throw new PerennialError(
          'CONFLICT',
          `The champion of "${model}" is version ${champion.version}, not ${expected ?? 'none'} as expected.`,
          { remedy: 'Somebody else has moved it: judge the version against that one.' },
        );
      const { version } = await candidateOf(models, request, champion);
      const inForce = await configurations.inForce(model);
      const candidate = { version, configuration: request.configuration ?? inForce };
      await findConfiguration(configurations, model, candidate.configuration);
      const routes = marketRoutes(await deps.traffic.list(), model);
      const baseOf = (market: string): ServingVariant => ({
        version: routes.get(market) ?? champion.version,
        configuration: inForce,
      });
      const wanted = markets.filter((market) => !isSameVariant(baseOf(market), candidate));
      if (wanted.length === 0) throw servesAlready(request, candidate, champion);
      const created = await rollouts.create(
        wanted.map((market) => ({
          id: idOf(market),
          ...{ model, market, ...candidate, plan: checked, reason, by },
          base: baseOf(market).version,
          baseConfiguration: inForce,
          createdAt: clock.now().toISOString(),
        })),
      );
      for (const rollout of created) {
        try {
          await rolloutLauncher.start(rollout);
        } catch (error) {
          // It stays queued, and the sweep hands it over when Temporal is back.
          if (!(error instanceof PerennialError && error.code === 'UNAVAILABLE')) throw error;
        }
      }
      return created;
    },
  };
}

/** The markets that a rollout of its own is started for; '' alone for a model that answers callers. */
async function marketsOf(
  { predictions }: StartDeps,
  kind: ModelKind | null,
  { model, markets }: RolloutRequest,
): Promise<readonly string[]> {
  if (!kind?.makesLists) {
    if (markets === undefined) return [''];
    throw new PerennialError('VALIDATION_FAILED', `Model "${model}" makes no lists of markets.`, {
      fields: [{ field: 'market', value: [...markets], message: 'is for models that make lists' }],
      remedy: 'Leave the market out: its rollout is about all callers.',
    });
  }
  const wanted = markets ?? (await predictions.markets()).map(({ market }) => market);
  if (wanted.length > 0) return wanted;
  throw new PerennialError('CONFLICT', `No market has lists of "${model}" yet.`, {
    remedy: 'Run its pipeline first: lists are compared by what customers buy.',
  });
}

async function candidateOf(
  models: StartDeps['models'],
  { model, version: choice }: RolloutRequest,
  champion: ModelVersion,
): Promise<ModelVersion> {
  if (choice === undefined) return champion;
  const candidate = typeof choice === 'number' ? await models.get(model, choice) : await models.byAlias(model, choice);
  if (candidate) return candidate;
  throw new PerennialError('NOT_FOUND', `Model "${model}" has no version or alias "${choice}".`, {
    fields: [{ field: 'version', value: choice, message: 'is neither a version nor an alias of it' }],
    remedy: `\`perennial models ls ${model}\` lists its versions and aliases.`,
  });
}

function nothingToRollOut(): PerennialError {
  return new PerennialError('VALIDATION_FAILED', 'There is neither a version nor a configuration to roll out.', {
    fields: [{ field: 'version', message: 'must be given, or configuration, or both' }],
    remedy: 'Name a version, a configuration, or both.',
  });
}

function servesAlready(
  { model, version: choice, markets }: RolloutRequest,
  candidate: ServingVariant,
  champion: ModelVersion,
): PerennialError {
  const isChampion = champion.version === candidate.version;
  const where = markets === undefined && isChampion ? '' : ` in ${markets?.join(', ') ?? 'all of its markets'}`;
  const [field, value] = choice === undefined ? ['configuration', candidate.configuration] : ['version', choice];
  const state = field === 'configuration' ? 'is in force already' : 'is the champion already';
  const message = isChampion ? state : 'serves already';
  return new PerennialError(
    'VALIDATION_FAILED',
    `Version ${variantName(candidate)} of "${model}" serves already${where}.`,
    {
      fields: [{ field, value, message }],
      remedy: 'Choose another version, or another configuration.',
    },
  );
}

/** An id that the same text always gives, in the form of the others. */
function idFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
