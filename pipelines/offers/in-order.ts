/** Works on tasks so many at a time, and yields the results in their order. No further task is taken after a failure. */
export async function* inOrder<Task, Result>(
  tasks: AsyncIterable<Task>,
  atATime: number,
  work: (task: Task) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = [];
  try {
    for await (const task of tasks) {
      const one = work(task);
      // It is waited for in its turn; until then nobody would hear of a failure.
      one.catch(() => {});
      running.push(one);
      if (running.length >= atATime) yield await (running.shift() as Promise<Result>);
    }
    while (running.length > 0) yield await (running.shift() as Promise<Result>);
  } finally {
    await Promise.allSettled(running);
  }
}
