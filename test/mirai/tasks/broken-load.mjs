export const task = () => 1;

throw new Error('loading failed');
