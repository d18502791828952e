export { type Expectation, type Forecast, forecaster, levelOf, type ScoreLevels } from './forecast.ts';
export { judgeLists } from './judge-lists.ts';
