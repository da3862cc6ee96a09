/** Bytes of a value, at most, where the options say nothing. */
export const defaultLargest = 64 * 1024 * 1024;

/** How often a task is begun at most whose daemons vanish, the same. */
export const defaultDeliveries = 5;
