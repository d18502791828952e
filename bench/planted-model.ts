import { setTimeout as delay } from 'node:timers/promises';
import { Type } from 'typebox';
import type { ArtifactRef } from '../contracts/artifacts.ts';
import { Random } from '../domain/nlp/random.ts';
import type { ArtifactStore } from '../domain/ports/artifacts.ts';
import { type AnyServedGraph, defineGraph, type PredictionContext, serveGraph } from '../domain/serving/graph/index.ts';

/** How a planted model answers. */
export interface Behaviour {
  /** Share of the quality of a good model. */
  readonly quality: number;
  /** Times as long as a quick one. */
  readonly slowness: number;
  /** Share of the requests that fail. */
  readonly errors: number;
}

/** Milliseconds of a request of middling difficulty. */
const usualMs = 10;

/** A model as bytes: what it does, and a number that tells apart those that do the same. */
export function storePlanted(artifacts: ArtifactStore, behaviour: Behaviour, place: number): Promise<ArtifactRef> {
  return artifacts.putBytes(Buffer.from(JSON.stringify({ ...behaviour, place })));
}

type Planted = Behaviour & { readonly place: number };
interface Values {
  readonly input: { request: number };
  readonly answer: { quality: number };
}

/**
 * A graph of one planted model. Requests are as hard for one version as for another, easy and hard ones mixed; what is left to
 * chance is each version's own.
 */
export function plantedGraph(name: string, seed: number): AnyServedGraph {
  return serveGraph({
    title: 'A planted model',
    description: 'Answers as well, as fast and as surely as its artifact says.',
    input: Type.Object({ request: Type.Integer() }),
    models: {
      planted: {
        name,
        formatVersion: 1,
        async load(artifact, artifacts) {
          const bytes = await artifacts.getBytes(artifact);
          const value = JSON.parse(Buffer.from(bytes).toString()) as Planted;
          return { value, bytes: () => bytes.length, dispose: () => {} };
        },
      },
    },
    trial: { scoresOf: ({ quality }: Values['answer']) => ({ quality }) },
    graph: defineGraph<Values, PredictionContext<{ readonly planted: Planted }>, 'answer'>({
      id: name,
      output: 'answer',
      nodes: {
        answer: {
          kind: 'model',
          needs: 'input',
          async run({ request }, { models: { planted } }) {
            const { quality, slowness, errors, place } = planted;
            const hardness = new Random(1000 * seed + request).normal();
            const chance = new Random(7 + 2 * (1000 * seed + request) + place);
            await delay(usualMs * slowness * Math.exp(0.5 * hardness + 0.2 * chance.normal()));
            if (chance.next() < errors) throw new Error('It was planted to fail.');
            const good = Math.min(1, Math.max(0, 0.8 - 0.1 * hardness + 0.05 * chance.normal()));
            return { quality: quality * good };
          },
        },
      },
    }),
  });
}
