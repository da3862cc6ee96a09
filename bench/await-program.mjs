// The async functions that are measured, apart from all else because zone.js needs them compiled. They return what was
// active before the first `await` and what is active after the last: a context that is lost once does not come back.

export async function awaitShared(promise, count, active) {
  const before = active();
  for (let i = 0; i < count; i++) await promise;
  return { before, after: active() };
}

export async function awaitFresh(make, count, active) {
  const before = active();
  for (let i = 0; i < count; i++) await make();
  return { before, after: active() };
}
