import { Command } from 'commander';
import { alertsCommand } from './commands/alerts/index.ts';
import { backfillCommand, backfillsCommand } from './commands/backfill.ts';
import { benchCommand } from './commands/bench.ts';
import { cacheCommand } from './commands/cache.ts';
import { channelsCommand } from './commands/channels.ts';
import { configurationsCommand } from './commands/configurations.ts';
import { deadlinesCommand } from './commands/deadlines.ts';
import { decisionsCommand } from './commands/decisions.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { eventsCommand } from './commands/events.ts';
import { feedbackCommand } from './commands/feedback.ts';
import { ingestCommand } from './commands/ingest.ts';
import { keysCommand } from './commands/keys.ts';
import { glossariesCommand, memoriesCommand } from './commands/language-data.ts';
import { limitsCommand } from './commands/limits.ts';
import { metricsCommand } from './commands/metrics.ts';
import { migrateCommand } from './commands/migrate.ts';
import { modelsCommand } from './commands/models/index.ts';
import { notificationsCommand } from './commands/notifications.ts';
import { pipelinesCommand } from './commands/pipelines.ts';
import { policiesCommand } from './commands/policies.ts';
import { predictCommand } from './commands/predict.ts';
import { deployCommand, rolloutsCommand } from './commands/rollouts.ts';
import { rulesCommand } from './commands/rules.ts';
import { runCommand } from './commands/run.ts';
import { runsCommand } from './commands/runs/index.ts';
import { schedulesCommand } from './commands/schedules.ts';
import { trainCommand } from './commands/train.ts';
import { translateCommand } from './commands/translate.ts';
import { upCommand } from './commands/up.ts';
import { watchesCommand } from './commands/watches.ts';
import { webhooksCommand } from './commands/webhooks.ts';
import { workersCommand } from './commands/workers.ts';

/** The command with all its subcommands, ready to parse. */
export function buildProgram(): Command {
  const program = new Command('perennial')
    .description('Machine-learning workflows that last.')
    .option('--json', 'results as JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 wrong use or bad data, 3 cancelled, 4 a server or file is not available.',
    )
    .showHelpAfterError('(perennial --help lists the commands; perennial COMMAND --help their options)')
    .exitOverride();

  for (const command of [
    upCommand,
    pipelinesCommand,
    runCommand,
    runsCommand,
    backfillCommand,
    backfillsCommand,
    schedulesCommand,
    deadlinesCommand,
    rulesCommand,
    alertsCommand,
    channelsCommand,
    notificationsCommand,
    workersCommand,
    webhooksCommand,
    eventsCommand,
    watchesCommand,
    ingestCommand,
    predictCommand,
    translateCommand,
    trainCommand,
    demoCommand,
    memoriesCommand,
    glossariesCommand,
    feedbackCommand,
    modelsCommand,
    configurationsCommand,
    deployCommand,
    rolloutsCommand,
    metricsCommand,
    policiesCommand,
    decisionsCommand,
    limitsCommand,
    cacheCommand,
    keysCommand,
    benchCommand,
    migrateCommand,
    doctorCommand,
  ])
    command(program);
  return program;
}
