export { type Expectation, type Forecast, type Forecaster, forecaster, levelOf, type ScoreLevels } from './forecast.ts';
export { judgeLists } from './judge-lists.ts';
export { typicalSpendBefore } from './spend.ts';
