import { type FieldFault, PerennialError } from '../../../contracts/errors.ts';
import type { RuleAction } from '../../../contracts/rules.ts';
import type { AnyPipeline } from '../../dag/definition.ts';
import { validateParams } from '../../dag/params.ts';
import { expressionFault, patternsRead, templateExpressions } from './expressions.ts';

/** Faults of an action: unknown pipelines and parameters, parameters left out, expressions, patterns that are not there. */
export function actionFaults(
  action: RuleAction,
  at: string,
  patterns: ReadonlySet<string>,
  pipelines: ReadonlyMap<string, AnyPipeline>,
): FieldFault[] {
  if ('alert' in action) {
    const field = `${at}.alert.message`;
    return templateExpressions(action.alert.message).flatMap((text) => firingFaults(field, text, patterns));
  }
  const { pipeline: id, params = {} } = action.start;
  const faults = Object.entries(params).flatMap(([name, text]) =>
    firingFaults(`${at}.start.params.${name}`, text, patterns),
  );
  const pipeline = id === undefined ? undefined : pipelines.get(id);
  if (!pipeline) {
    const known = [...pipelines.keys()].join(', ');
    const message = id === undefined ? 'is required' : `is not a pipeline; there are ${known}`;
    return [...faults, { field: `${at}.start.pipeline`, ...(id === undefined ? {} : { value: id }), message }];
  }
  const { properties } = pipeline.params;
  for (const [name, value] of Object.entries(params)) {
    if (name in properties) continue;
    const known = Object.keys(properties).join(', ') || 'none';
    faults.push({
      field: `${at}.start.params.${name}`,
      value,
      message: `is not a parameter of "${id}"; there are ${known}`,
    });
  }
  return [...faults, ...missingParams(pipeline, params, at)];
}

/** Parameters that have no default and are not given. */
function missingParams(pipeline: AnyPipeline, given: object, at: string): FieldFault[] {
  try {
    validateParams(pipeline, {});
    return [];
  } catch (error) {
    if (!(error instanceof PerennialError)) throw error;
    return (error.fields ?? [])
      .filter(({ field }) => !(field in given))
      .map(({ field, message }) => ({ field: `${at}.start.params.${field}`, message }));
  }
}

function firingFaults(field: string, text: string, patterns: ReadonlySet<string>): FieldFault[] {
  const faults = expressionFault('firing', field, text);
  if (faults.length > 0) return faults;
  return [...patternsRead(text)]
    .filter((name) => !patterns.has(name))
    .map((name) => ({
      field,
      value: text,
      message: `reads events.${name}, and there is no such pattern; there are ${[...patterns].join(', ')}`,
    }));
}
