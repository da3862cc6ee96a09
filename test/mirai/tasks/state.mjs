let calls = 0;

export const countCalls = () => ++calls;
export const setGlobal = (name, value) => {
  globalThis[name] = value;
};
export const getGlobal = (name) => globalThis[name];
export const addToGlobal = (name) => {
  globalThis[name] = (globalThis[name] ?? 0) + 1;
  return globalThis[name];
};
export const setEnvironment = (name, value) => {
  process.env[name] = value;
};
export const getEnvironment = (name) => process.env[name];
export const changeFolder = (path) => process.chdir(path);
export const folder = () => process.cwd();
