import { createApp } from "./app.ts";

export { ReplayGuard } from "./exchange/replay/guard.ts";
export { KeyKeeper } from "./signing/keeper/keeper.ts";

export default createApp(() => Math.floor(Date.now() / 1000));
