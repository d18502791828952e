import { type WorkerRole, workerRoles } from '../../../contracts/workers.ts';
import { type Found, listed, utc } from '../found.ts';
import type { Looks } from './look.ts';
import { msOf } from './runs.ts';

/** Who died longer ago is no longer missed. */
const missedMs = 24 * 3_600_000;

/** What does not go on without anybody of a role. */
const withoutRole: Readonly<Record<WorkerRole, string>> = {
  api: 'Requests are not answered: runs cannot be started by API, translations and lists cannot be had.',
  control: 'No run makes its next step, no schedule starts one.',
  cpu: 'No step that runs on processors goes on.',
  gpu: 'No step that needs a graphics card goes on.',
  events: 'Webhooks, watched folders and rules start nothing, deadlines are not looked at.',
  serving: 'No model answers requests: texts are not translated, nothing is predicted on demand.',
};

export const lookAtWorkers: Pick<Looks, 'worker-dead'> = {
  async 'worker-dead'({ roles = workerRoles, after = '30s' }, { workers, facts }) {
    const least = msOf(after);
    const all = await workers.list();
    const living = all.filter(({ stoppedAt, silentMs }) => stoppedAt === null && silentMs < least);
    const dead = all.filter(
      (worker) =>
        worker.stoppedAt === null &&
        worker.silentMs >= least &&
        worker.silentMs < missedMs &&
        roles.includes(worker.role),
    );
    // Somebody of the role began after its last sign of life: it was replaced.
    const missed = dead.filter(
      ({ role, beatAt }) => !living.some((other) => other.role === role && other.startedAt > beatAt),
    );
    if (missed.length === 0) return [];
    const attempts = await facts.runningAttempts(least);
    return missed.map(({ id, role, beatAt }): Found => {
      const left = living.filter((other) => other.role === role).length;
      const steps = attempts.filter(({ worker }) => worker === id);
      const remaining =
        left === 0
          ? `No worker "${role}" is left.`
          : `${left} of the role "${role}" ${left === 1 ? 'is' : 'are'} left.`;
      return {
        subject: id,
        group: role,
        pipeline: null,
        market: null,
        since: beatAt,
        ...(left === 0 ? { severity: 'critical' as const } : {}),
        what: `${id} has given no sign of life since ${utc(beatAt)} and did not end in order. ${remaining}`,
        one: left === 0 ? `the last worker "${role}" is dead` : `a worker "${role}" is dead`,
        many: `{n} workers "${role}" are dead`,
        affects: [
          ...(left === 0 ? [withoutRole[role]] : []),
          ...(steps.length > 0
            ? [
                `Steps it was working on: ${listed(steps.map(({ runId, pipeline, step }) => `${step} of run ${runId} (${pipeline})`))}.`,
              ]
            : []),
        ],
        firstStep: `Start the worker "${role}" again; its log says why it died (too little memory is the usual cause).`,
        command: 'perennial workers',
      };
    });
  },
};
