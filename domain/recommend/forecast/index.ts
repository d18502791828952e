export { type Expectation, type Forecast, forecaster, levelOf } from './forecast.ts';
export { judgeLists } from './judge-lists.ts';
