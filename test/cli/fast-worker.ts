import { createApp } from "../../worker/app.ts";
import { fastNowMs } from "./fast-time.ts";

export { ReplayGuard } from "../../worker/exchange/replay/guard.ts";
export { KeyKeeper } from "../../worker/signing/keeper/keeper.ts";

// The real Worker on fast time.
export default createApp(() => Math.floor(fastNowMs() / 1000));
