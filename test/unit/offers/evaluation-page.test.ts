import { describe, expect, it } from 'vitest';
import { evaluationPage } from '../../../pipelines/offers/evaluation-page/index.ts';
import { evaluationContent } from './evaluation-content.ts';

const content = evaluationContent();
const page = await evaluationPage(content);

describe('the evaluation page', () => {
  it('begins with what became of the model and what its lists were worth', () => {
    const state = /<p class="state">(.*?)<\/p>/.exec(page)?.[1] ?? '';
    expect(state).toMatch(/^Version 2 is the new champion – there was no champion to compare with\./);
    expect(state).toMatch(
      /In the 30 days from 2026-06-01 on, its lists for 400 customers found \d+\.\d times as many purchases/,
    );
    expect(state).toMatch(/revenue expected of them was (what came in|\d+ % (above|below) what came in)\.$/);
  });

  it('has a table with the figures behind every plot', () => {
    const plots = page.match(/<figure>/g)?.length ?? 0;
    expect(plots).toBe(7);
    expect(page.match(/<svg role="img" aria-label="[^"]+"/g)).toHaveLength(plots);
    expect(page.match(/<details><summary>Table<\/summary><div class="scroll"><table>/g)).toHaveLength(plots);
    const { lists } = content.evaluation!;
    for (const { predicted, observed } of lists.all.bins) {
      expect(page).toContain(`${(100 * predicted).toFixed(2)} %`);
      expect(page).toContain(`${(100 * observed).toFixed(2)} %`);
    }
  });

  it('is one file: no script, no address of elsewhere, names escaped, no style but its own', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=|javascript:/i);
    expect(page).not.toMatch(/(href|src)="(?!#)/);
    expect(page).not.toContain('style="');
    expect(page).not.toContain('<b>AT</b>');
    expect(page).toContain('DE &amp; &lt;b&gt;AT&lt;/b&gt;');
  });

  it('is the same bytes whenever it is made of the same', async () => {
    expect(await evaluationPage(evaluationContent())).toBe(page);
  });

  it('says of a run that trained nothing which version made its lists, and where that one was judged', async () => {
    const daily = await evaluationPage({ ...content, evaluation: null, published: null, trainedBy: 'run-0' });
    expect(daily).toContain(
      'No model was trained in this run. Version 2, trained by run run-0, made lists for 200 customers in 1 market',
    );
    expect(daily).toContain('1,235');
    expect(daily).toContain('12 offers are expected to add 34.50 of margin for 6.70 of discounts.');
    expect(daily).not.toContain('<svg');
  });
});
