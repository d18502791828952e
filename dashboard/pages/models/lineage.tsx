import type { ReactElement } from 'react';
import type { Json } from '../../../contracts/json.ts';
import type { ModelLineage, ModelVersion } from '../../../contracts/models.ts';
import { links } from '../../app/links.ts';
import { count } from '../../format/number.ts';
import { Facts } from '../../ui/facts.tsx';
import { Go } from '../../ui/go.tsx';
import { Section } from '../../ui/page.tsx';

const text = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Where it comes from, as links. */
export function Lineage({ version }: { readonly version: ModelVersion }): ReactElement {
  const lineage = version.lineage as ModelLineage;
  const { code, data, params, imported, pipeline, step, asOf } = lineage;
  return (
    <Section title="Where it comes from">
      <Facts
        facts={[
          [
            'Run',
            imported ? (
              `imported from ${imported.model} ${imported.version}, exported ${imported.exportedAt}`
            ) : (
              <Go key="run" href={links.run(version.runId)}>
                {version.runId}
              </Go>
            ),
          ],
          [
            'Pipeline',
            pipeline ? (
              <Go key="pipeline" href={links.pipeline(pipeline)}>
                {pipeline}
              </Go>
            ) : undefined,
          ],
          ['Step', step],
          ['Data before', asOf],
          ...(data ?? []).map(({ dataset, rows, sha256 }): readonly [string, ReactElement] => [
            dataset,
            <span key={dataset}>
              {count(rows)} rows, <code title={sha256}>{sha256.slice(0, 12)}</code>
            </span>,
          ]),
          ['Code', code ? `${code.version}${code.commit ? `, commit ${code.commit}` : ''}` : undefined],
          [
            'Parameters',
            params && Object.keys(params).length > 0
              ? Object.entries(params)
                  .map(([name, value]) => `${name} ${text(value as Json)}`)
                  .join(', ')
              : undefined,
          ],
          ['Format', String(version.formatVersion)],
          ['Artifact', <code key="uri">{version.artifact.uri}</code>],
        ]}
      />
    </Section>
  );
}
