// What disposes where a browser has no `Symbol.dispose`.
const name = 'dispose';
export const symbolDispose = Symbol[name] ?? Symbol.for('Symbol.dispose');
