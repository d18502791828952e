let busy = false;
const waiting: (() => void)[] = [];

/**
 * Runs local activities of a workflow one after the other. Side by side they would end in the order of the clock, and in
 * the order of their calls when the history is replayed: what follows them would follow in another order
 * (https://github.com/temporalio/sdk-python/issues/1578). A call that meets no other begins at once.
 */
export function inTurn<T>(call: () => Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const begin = (): void => {
      busy = true;
      call().then(resolve, reject).finally(next);
    };
    if (busy) waiting.push(begin);
    else begin();
  });
}

function next(): void {
  busy = false;
  waiting.shift()?.();
}
