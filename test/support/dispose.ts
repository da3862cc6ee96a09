/** Disposes as compiled `using` does, also where the runtime has no `Symbol.dispose`. */
export function dispose(disposable: Disposable): void {
  const symbol: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');
  disposable[symbol]();
}
