import { createApp } from "./app.ts";

export { KeyKeeper } from "./keys/keeper.ts";
export { ReplayGuard } from "./replay/guard.ts";

export default createApp(() => Math.floor(Date.now() / 1000));
