import { expect, it } from 'vitest';
import { AlertConditionSchema } from '../../contracts/alerts.ts';
import { alertEvents, eventTypes, rolloutEvents } from '../../contracts/events.ts';
import { builtInAlerts } from '../../domain/alerts/defaults.ts';
import { compilePlan } from '../../domain/dag/index.ts';
import { pipelines } from '../../pipelines/index.ts';
import { code, pageOf, table } from './markdown-tables.ts';
import { fieldRows, type Schema, typeText } from './schema-fields.ts';
import { type Declared, interfacesOf, type Member, parse, sourcesOf } from './source-text.ts';

// Pages about what is defined in code. After a change: npm test -- test/docs -u
const page = (name: string): string => `../../docs/reference/${name}.md`;

const memberRows = (members: readonly Member[]): string[][] =>
  members.map(({ name, type, isOptional, comment }) => [code(name), code(type), isOptional ? '' : 'yes', comment]);

function declared(path: string, name: string): Declared {
  const found = interfacesOf(parse(path).tree).find((one) => one.name === name);
  if (!found) throw new Error(`${path} has no interface ${name}`);
  return found;
}

it('describes the events that are raised here, and their data', async () => {
  const data = sourcesOf(['contracts'])
    .flatMap(({ tree }) => interfacesOf(tree))
    .filter(({ comment }) => comment.startsWith('`data` of'));
  const typesOf = ({ comment }: Declared): string[] => {
    const [before = ''] = comment.split(/[:;]/);
    return [...before.matchAll(/`([a-z-]+\.[a-z<>-]+)`/g)].map(([, type = '']) => type);
  };
  const sections = data.flatMap((one) => {
    const types = typesOf(one);
    const told = one.comment.replace(/^`data` of /, '').replace(/^.*?[;:]\s*/, '');
    const said = `${told.charAt(0).toUpperCase()}${told.slice(1)}`;
    return types.length === 0
      ? []
      : [
          `## ${types.map(code).join(', ')}`,
          said,
          table(['field of data', 'type', 'always', 'meaning'], memberRows(one.members)),
        ];
  });
  const described = data.flatMap(typesOf);
  const undescribed = Object.values(eventTypes).filter(
    (type) =>
      !described.includes(type) &&
      !(described.includes(`${rolloutEvents}<type>`) && type.startsWith(rolloutEvents)) &&
      !(described.includes(`${alertEvents}<change>`) && type.startsWith(alertEvents)),
  );
  expect(undescribed).toEqual([]);
  const event = declared('contracts/events.ts', 'CloudEvent');
  const text = pageOf([
    '# Events',
    'Everything that happens is a CloudEvent. `perennial events` lists them; [rules](../how-to/rules.md) and [alerts](../how-to/alerts.md) look at them; [webhooks](../how-to/webhooks.md) bring others in, and others may not be of the types below.',
    table(['attribute', 'type', 'always', 'meaning'], memberRows(event.members)),
    `Types that Perennial raises itself: ${Object.values(eventTypes).toSorted().map(code).join(', ')}, and what else becomes of alerts and rollouts.`,
    ...sections,
  ]);
  await expect(text).toMatchFileSnapshot(page('events'));
});

it('describes what a pipeline definition holds and what a step is given', async () => {
  const parts: [string, string, string][] = [
    ['The pipeline', 'domain/dag/definition.ts', 'PipelineDefinition'],
    ['Its partition', 'domain/dag/definition.ts', 'PartitionDefinition'],
    ['Its limits', 'domain/dag/definition.ts', 'ConcurrencyDefinition'],
    ['Its key figures', 'domain/dag/definition.ts', 'FigureDefinition'],
    ['A step', 'domain/dag/definition.ts', 'StepDefinition'],
    ['A step that is a program', 'domain/dag/definition.ts', 'CommandDefinition'],
    ['What a step is given', 'domain/ports/step-context.ts', 'StepContext'],
    ['Its services', 'domain/ports/step-context.ts', 'StepServices'],
    ['SQL in a step', 'domain/preprocessing/step-sql.ts', 'StepSql'],
  ];
  const text = pageOf([
    '# The definition of a pipeline',
    'A pipeline is a folder in `pipelines/` that exports what `definePipeline` gives, and a name in `pipelines/index.ts`; the [tutorial](../tutorial/own-pipeline.md) makes one. A definition with a fault is refused when it is loaded, with every fault and its field (`DEFINITION_INVALID`).',
    'Conditions (`when`, `map.over`) are [CEL](https://cel.dev) over `params` and `steps`: `steps.train.output.count > 0 && params.market != ""`. A duration is `500ms`, `30s`, `10m`, `2h`, `1d`, or a number of milliseconds. Schedules, deadlines, rules, alerts and policies have the form that their how-tos show.',
    ...parts.flatMap(([title, path, name]) => {
      const { comment, members } = declared(path, name);
      return [`## ${title}`, comment, table(['field', 'type', 'needed', 'meaning'], memberRows(members))];
    }),
  ]);
  await expect(text).toMatchFileSnapshot(page('pipeline-definition'));
});

it('describes the pipelines that ship with it', async () => {
  const text = pageOf([
    '# The pipelines that ship with it',
    'What each takes (`perennial run PIPELINE --param name=value`) and which steps it has. A running installation says the same of yours: `perennial pipelines show PIPELINE`.',
    ...[...pipelines.values()].flatMap((pipeline) => [
      `## ${pipeline.id}`,
      pipeline.description,
      table(['parameter', 'type', 'default', 'meaning'], fieldRows(pipeline.params as Schema)),
      table(
        ['step', 'what', 'needs', 'runs on', 'when'],
        compilePlan(pipeline).steps.map(({ id, needs, resource, when, map }) => [
          code(id),
          pipeline.steps[id]?.title ?? '',
          needs.map(code).join(', '),
          resource,
          [when && code(when), map && `for each of ${code(map.over)}`].filter(Boolean).join('; '),
        ]),
      ),
    ]),
  ]);
  await expect(text).toMatchFileSnapshot(page('pipelines'));
});

it('describes the alerts that are built in, and the conditions of others', async () => {
  const conditions = (AlertConditionSchema as Schema).anyOf ?? [];
  const shown = (when: object): string =>
    Object.entries(when)
      .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : value}`)
      .join('; ');
  const text = pageOf([
    '# Alerts',
    'Which alerts there are without anybody asking for them, and what the conditions of your own can say. [How to be told](../how-to/alerts.md)',
    table(
      ['definition', 'severity', 'fires when'],
      builtInAlerts.map(({ id, severity, when }) => [code(id), severity, code(shown(when))]),
    ),
    '## Conditions',
    ...conditions.flatMap((condition) => {
      const { kind, ...properties } = condition.properties ?? {};
      const rows = fieldRows({ ...condition, properties });
      return [
        `### ${typeText(kind ?? {}).replaceAll('"', '')}`,
        condition.description,
        table(['field', 'type', 'default', 'meaning'], rows) || 'No fields.',
      ];
    }),
  ]);
  await expect(text).toMatchFileSnapshot(page('alerts'));
});
