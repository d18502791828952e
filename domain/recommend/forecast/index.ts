export { type Expectation, type Forecast, type Forecaster, forecaster, levelOf, type ScoreLevels } from './forecast.ts';
export { judgeLists } from './judge-lists.ts';
export { type TypicalSpend, typicalSpendBefore } from './spend.ts';
