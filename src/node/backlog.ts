/**
 * How many connections the system keeps that have not been accepted yet; it cuts this to its own limit. Where the queue
 * is full, the system drops what asks to connect, which asks again only after a second: a flood of strangers would make an
 * honest node wait.
 */
export const BACKLOG = 4_096;
