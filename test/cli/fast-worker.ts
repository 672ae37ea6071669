import { createApp } from "../../worker/app.ts";
import { fastNowMs } from "./fast-time.ts";

export { KeyKeeper } from "../../worker/keys/keeper.ts";
export { ReplayGuard } from "../../worker/replay/guard.ts";

// The real Worker on fast time.
export default createApp(() => Math.floor(fastNowMs() / 1000));
