import { createApp } from "./app.ts";

export { KeyKeeper } from "./keys/keeper.ts";

export default createApp(() => Math.floor(Date.now() / 1000));
