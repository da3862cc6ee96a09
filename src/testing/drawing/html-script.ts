/**
 * What a page does: it highlights what belongs to the same step, and to the same call or span, and keeps the names of the
 * lanes in sight.
 */
export const htmlScript = `(() => {
  const drawing = document.querySelector('.drawing');
  const names = drawing.querySelector('.gutter');
  drawing.addEventListener('scroll', () => {
    names.setAttribute('transform', 'translate(' + drawing.scrollLeft + ' 0)');
  }, { passive: true });

  const selector = '[data-step],[data-call],[data-span]';
  const all = [...document.querySelectorAll(selector)];
  const belong = (one, other) =>
    (one.step !== undefined && one.step === other.step) ||
    (one.call !== undefined ? one.call === other.call : one.span !== undefined && one.span === other.span);
  let shown = null;
  function show(element) {
    if (element === shown) return;
    shown = element;
    document.documentElement.classList.toggle('selecting', element !== null);
    for (const other of all) {
      other.classList.toggle('hot', element !== null && belong(element.dataset, other.dataset));
      other.classList.toggle('here', element !== null && element.dataset.step !== undefined &&
        element.dataset.step === other.dataset.step);
    }
  }
  const of = (event) => event.target instanceof Element ? event.target.closest(selector) : null;
  function reveal(row) {
    const { step, span } = row.dataset;
    const parts = [...drawing.querySelectorAll(selector)].filter((part) => !part.closest('.gutter'));
    const part = parts.find((part) => step === undefined ? part.dataset.span === span : part.dataset.step === step);
    if (part === undefined) return;
    const box = drawing.getBoundingClientRect();
    const { left, right } = part.getBoundingClientRect();
    const hidden = left < box.left + names.getBoundingClientRect().width || right > box.right;
    if (hidden) drawing.scrollLeft += left - box.left - box.width / 2;
  }
  document.addEventListener('pointerover', (event) => show(of(event)));
  document.documentElement.addEventListener('pointerleave', () => show(null));
  document.addEventListener('focusin', (event) => {
    const row = of(event);
    show(row);
    if (row !== null && row.matches('tr')) reveal(row);
  });
  document.addEventListener('focusout', () => show(null));
  drawing.addEventListener('click', (event) => {
    const part = of(event);
    if (part === null) return;
    const rows = [...document.querySelectorAll('tr[data-step],tr[data-span]')];
    const { step, span } = part.dataset;
    const row = rows.find((row) => step === undefined
      ? row.dataset.step === undefined && row.dataset.span === span
      : row.dataset.step === step);
    if (row !== undefined) row.focus();
  });
})();`;
