/** The markets a run is for, as what a step is mapped over: the one wanted, or all that have customers. */
export const eachMarket = 'params.market == "" ? steps.preprocess.output.markets : [params.market]';
