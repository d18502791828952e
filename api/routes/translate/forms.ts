import type { App } from '../../app-type.ts';

/** Lets the routes of a scope take HTML forms beside JSON; a field given several times is a list. */
export function takeForms(scope: App): void {
  scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    const fields: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
    for (const [name, value] of new URLSearchParams(String(body))) {
      const before = fields[name];
      if (before === undefined) fields[name] = value;
      else if (typeof before === 'string') fields[name] = [before, value];
      else before.push(value);
    }
    done(null, fields);
  });
}
