export { type Expectation, type Forecast, type Forecaster, forecaster } from './forecast.ts';
export { type JudgedLists, judgeLists } from './judge-lists.ts';
