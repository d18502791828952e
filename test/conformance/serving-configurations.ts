import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { ModelRepository } from '../../domain/ports/models.ts';
import type { ServingConfigurationRepository } from '../../domain/ports/serving-configurations.ts';
import type { TrafficRepository } from '../../domain/ports/traffic.ts';

interface Repositories {
  readonly configurations: ServingConfigurationRepository;
  readonly models: ModelRepository;
  readonly traffic: TrafficRepository;
}

/** @param query runs a statement on the database, for rows as older code wrote them. */
export function servingConfigurationConformance(
  repositories: () => Repositories,
  query: (text: string, values: unknown[]) => Promise<unknown>,
): void {
  const newModel = async () => {
    const model = randomUUID();
    for (const sha256 of ['1', '2']) {
      const artifact = { uri: `artifact:sha256:${sha256}`, sha256, bytes: 1 };
      await repositories().models.add({ model, formatVersion: 1, artifact, metrics: {}, lineage: {}, runId: 'r' });
    }
    return model;
  };
  const add = (model: string, beam: number) =>
    repositories().configurations.add({ model, settings: { beam }, sha256: `beam ${beam}`, by: 'ada', reason: 'why' });

  it('are numbered without gaps, each once, however many are added at a time', async () => {
    const model = await newModel();
    const made = await Promise.all([2, 3, 4, 2, 3, 4, 2, 3, 4].map((beam) => add(model, beam)));
    expect(made.filter(({ isNew }) => isNew)).toHaveLength(3);
    const { configurations } = repositories();
    const all = await configurations.list(model);
    expect(all.map(({ configuration }) => configuration)).toEqual([3, 2, 1]);
    expect(all.map(({ settings }) => settings['beam']).sort()).toEqual([2, 3, 4]);
    for (const { configuration } of made)
      expect(await configurations.get(model, configuration.configuration)).toEqual(configuration);
    expect(await configurations.get(model, 4)).toBeNull();
    expect(await configurations.list(randomUUID())).toEqual([]);
  });

  it('are in force from when the champion is moved with one, which must be there', async () => {
    const model = await newModel();
    const { configurations, models, traffic } = repositories();
    expect(await configurations.inForce(model)).toBe(0);
    await add(model, 2);
    const move = (version: number | null, configuration?: number) =>
      models.setAlias(model, 'champion', version, 'ada', 'why', configuration === undefined ? {} : { configuration });
    await expect(move(1, 2)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await models.byAlias(model, 'champion')).toBeNull();
    await move(1, 1);
    expect(await configurations.inForce(model)).toBe(1);
    await move(2);
    await move(null);
    // Without a champion nothing is served; the next one is as the last.
    expect((await traffic.history(model, { limit: 9 })).map(({ routes }) => routes)).toEqual([
      [],
      [{ version: 2, configuration: 1, share: 1 }],
      [{ version: 1, configuration: 1, share: 1 }],
    ]);
    await move(1);
    expect((await traffic.history(model, { limit: 1 }))[0]?.routes).toEqual([
      { version: 1, configuration: 1, share: 1 },
    ]);
    await move(1, 0);
    expect(await configurations.inForce(model)).toBe(0);
    const periods = await traffic.periods(model, new Date(0), new Date(8.64e14));
    expect(periods.map(({ revision }) => revision)).toEqual([5, 4, 3, 2, 1]);
    expect(periods.map(({ until }) => until)).toEqual([null, ...periods.slice(0, -1).map(({ at }) => at)]);
    // What moved the alias and what it did to the traffic have one time.
    const changes = await models.history(model, 'champion');
    expect(changes.map(({ at }) => at)).toEqual(periods.slice(1).map(({ at }) => at));
    const then = new Date(Date.parse(periods[2]?.at ?? ''));
    expect((await traffic.periods(model, then, then)).map(({ revision }) => revision)).toEqual([3]);
  });

  it('are the built-in one where traffic is from before there were any', async () => {
    const model = await newModel();
    const routes = JSON.stringify([{ version: 1, share: 1 }]);
    await query(`insert into traffic (model, revision, routes, by, reason) values ($1, 1, $2, 'ada', 'why')`, [
      model,
      routes,
    ]);
    const { configurations, traffic } = repositories();
    expect(await configurations.inForce(model)).toBe(0);
    expect((await traffic.history(model, { limit: 1 }))[0]?.routes).toEqual([
      { version: 1, configuration: 0, share: 1 },
    ]);
    const known = (await traffic.list()).find((one) => one.model === model);
    expect(known?.routes).toEqual([{ version: 1, configuration: 0, share: 1 }]);
  });
}
