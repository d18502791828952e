import { expect, it } from 'vitest';
import { limitsOf } from '../../../domain/dag/limits.ts';
import { translation } from '../../../pipelines/translation/index.ts';

it('trains one model of a pair at a time, and different pairs side by side', () => {
  const german = limitsOf(translation, { pair: 'en-de' });
  const portuguese = limitsOf(translation, { pair: 'en-pt_BR' });
  expect(german).toEqual({ translation: null, 'translation/en-de': 1 });
  expect(portuguese).toEqual({ translation: null, 'translation/en-pt_BR': 1 });
});
