export function plain<T>(x: T): T;
export function spanned(x: number): Promise<number>;
export function fails(): never;
export function arrived(): Promise<{ traceId?: string; tracestate?: string; baggage?: string }>;
export function untilAborted(): Promise<void>;
