globalThis.setUps = (globalThis.setUps ?? 0) + 1;
await undefined;
globalThis.setUp = 'done';
