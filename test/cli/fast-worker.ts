import { createApp } from "../../worker/app.ts";
import { KeyKeeper as DeployedKeeper } from "../../worker/signing/keeper/keeper.ts";
import { fastNowMs } from "./fast-time.ts";

export { ReplayGuard } from "../../worker/exchange/replay/guard.ts";

const clock = (): number => Math.floor(fastNowMs() / 1000);

export class KeyKeeper extends DeployedKeeper {
  protected override clock(): number {
    return clock();
  }
}

// The real Worker on fast time.
export default createApp(clock);
