/** The function that calls tasks, by whose name the frames of the runtime are told. */
const caller = /\bevaluateTask\b/;

/** Leaves the frames of the task: what is below them is the runtime. */
export function trimStack(stack: string): string {
  const lines = stack.split('\n');
  const end = lines.findIndex((line) => caller.test(line) && /^\s+at /.test(line));
  return end < 0 ? stack : lines.slice(0, end).join('\n');
}
