import type { Command } from 'commander';
import type { PlanStep } from '../../contracts/plan.ts';
import { contextOf } from '../command.ts';
import { withApi } from '../installation.ts';
import { table } from '../terminal.ts';

interface PipelineBrief {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

interface PipelineShown extends PipelineBrief {
  /** JSON schema of an object. */
  readonly params: {
    readonly properties?: Readonly<Record<string, { readonly description?: string; readonly default?: unknown }>>;
    readonly required?: readonly string[];
  };
  readonly planHash: string;
  readonly steps: readonly (PlanStep & { readonly title: string })[];
}

export function pipelinesCommand(program: Command): void {
  const pipelines = program.command('pipelines').description('what can run');

  pipelines
    .command('ls', { isDefault: true })
    .description('all pipelines')
    .action(async (_options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const found = await api.get<{ pipelines: PipelineBrief[] }>('/v1/pipelines');
        terminal.result(found, () =>
          table(
            ['pipeline', 'what it does'],
            found.pipelines.map(({ id, description }) => [id, description]),
          ),
        );
      });
    });

  pipelines
    .command('show')
    .description('a pipeline with its parameters and steps')
    .argument('<pipeline>')
    .action(async (id: string, _options: object, command: Command) => {
      const { config, terminal } = contextOf(command);
      await withApi(config, terminal, async (api) => {
        const pipeline = await api.get<PipelineShown>(`/v1/pipelines/${encodeURIComponent(id)}`);
        terminal.result(pipeline, () => pipelineText(pipeline));
      });
    });
}

function pipelineText({ title, description, params, steps }: PipelineShown): string {
  const parameters = Object.entries(params.properties ?? {}).map(([name, schema]) => [
    name,
    schema.default === undefined
      ? params.required?.includes(name)
        ? '(required)'
        : ''
      : JSON.stringify(schema.default),
    schema.description ?? '',
  ]);
  const rows = steps.map(({ id, title: name, needs, map, resource }) => [
    id,
    name,
    needs.join(', '),
    map ? `${resource}, ${map.concurrency} items at a time` : resource,
  ]);
  return [
    `${title}: ${description}`,
    '',
    table(['parameter', 'default', ''], parameters, { empty: 'It takes no parameters.' }),
    '',
    table(['step', '', 'needs', 'runs on'], rows),
  ].join('\n');
}
