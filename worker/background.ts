/** Lets work go on after the answer has been sent (`ctx.waitUntil`). A failure of it never reaches the caller. */
export type Background = (work: Promise<unknown>) => void;
