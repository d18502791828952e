import { Type } from 'typebox';
import type { CloudEvent } from '../../contracts/events.ts';
import type { Json } from '../../contracts/json.ts';
import type { RuleDefinition } from '../../contracts/rules.ts';
import { type AnyPipeline, createRunStarter, definePipeline, type RunStarter } from '../../domain/dag/index.ts';
import { createRuleHandler, sweepRules } from '../../domain/events/index.ts';
import { type Database, openDatabase } from '../../storage/postgres/index.ts';
import { openTemporal } from '../../storage/temporal/launcher.ts';
import { type OpenApi, openApi } from '../api/support.ts';
import { temporalAddress } from './servers.ts';

const publish = definePipeline({
  id: 'publish',
  title: 'Publish',
  description: 'What rules of tests start.',
  params: Type.Object({ market: Type.String(), release: Type.String({ default: '' }) }),
  steps: { publish: { run: () => ({}) } },
  rules: [
    {
      id: 'of-the-code',
      mode: 'any',
      patterns: [{ name: 'approved', type: 'shop.approved' }],
      actions: { onMatch: [{ start: { params: { market: 'event.data.market' } } }] },
    },
  ],
});
export const rulePipelines: ReadonlyMap<string, AnyPipeline> = new Map([[publish.id, publish]]);

/** The rule that issue B shows. */
export const release: RuleDefinition = {
  id: 'publish-after-release',
  mode: 'all',
  by: 'event.data.params.market',
  within: '24h',
  patterns: [
    { name: 'preprocess', type: 'run.succeeded', source: '/pipelines/offers-preprocess' },
    { name: 'release', type: 'run.succeeded', source: '/pipelines/translation-release' },
  ],
  deadline: { after: '24h' },
  actions: {
    onMatch: [{ start: { pipeline: 'publish', params: { market: 'key', release: 'events.release.data.runId' } } }],
    onDeadline: [
      { alert: { severity: 'critical', message: '{{ key }}: {{ missing[0] }} is missing at {{ deadline }}' } },
    ],
  },
};

/** Processes that work on rules, with a clock of the test's own. */
export interface RuleWorld {
  readonly api: OpenApi;
  readonly database: Database;
  now: Date;
  /** Stores an event at the present time of the world and gives it. */
  happens(pipeline: string, market: string, data?: Record<string, Json>): Promise<CloudEvent>;
  /** Gives events to a process that has just started. */
  deliver(...events: readonly CloudEvent[]): Promise<void>;
  sweep(): Promise<number>;
  /** A process of its own on the same database. */
  open(starter?: Pick<RunStarter, 'start'>): Promise<RuleProcess>;
  close(): Promise<void>;
}

export interface RuleProcess {
  handle(event: CloudEvent): Promise<void>;
  sweep(): Promise<number>;
  close(): Promise<void>;
}

export async function ruleWorld(from: string): Promise<RuleWorld> {
  let now = new Date(from);
  let count = 0;
  const clock = { now: () => now };
  const api = await openApi({ pipelines: rulePipelines, clock });
  const temporal = await openTemporal({ address: temporalAddress(), namespace: 'default' });
  const open: RuleWorld['open'] = async (given) => {
    const database = await openDatabase({ url: api.url, pool: 5 });
    const { rules, runs } = database;
    const starter = given ?? createRunStarter({ pipelines: rulePipelines, runs, launcher: temporal.launcher });
    const deps = { rules, starter, clock };
    return { handle: createRuleHandler(deps), sweep: () => sweepRules(deps), close: () => database.close() };
  };
  const once = async <T>(work: (process: RuleProcess) => Promise<T>): Promise<T> => {
    const process = await open();
    try {
      return await work(process);
    } finally {
      await process.close();
    }
  };
  return {
    api,
    database: api.database,
    get now() {
      return now;
    },
    set now(value) {
      now = value;
    },
    open,
    async happens(pipeline, market, data = {}) {
      const runId = `run-${++count}`;
      const event: CloudEvent = {
        specversion: '1.0',
        source: `/pipelines/${pipeline}`,
        id: `${runId}/1`,
        type: 'run.succeeded',
        subject: runId,
        time: now.toISOString(),
        data: { runId, pipeline, params: { market }, ...data },
      };
      await api.database.events.publish([event]);
      return event;
    },
    deliver: (...events) =>
      once(async (process) => {
        for (const event of events) {
          await process.handle(event);
          const { source } = event;
          const stored = await api.database.events.list({ source, limit: 500 });
          const sequence = stored.find(({ id }) => id === event.id)?.sequence;
          if (sequence !== undefined) await api.database.events.processed(sequence);
        }
      }),
    sweep: () => once((process) => process.sweep()),
    async close() {
      await temporal.close();
      await api.close();
    },
  };
}
