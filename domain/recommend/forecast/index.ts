export { type Expectation, type Forecast, type Forecaster, forecaster, levelOf } from './forecast.ts';
export { type JudgedLists, judgeLists } from './judge-lists.ts';
