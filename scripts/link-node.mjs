// Puts the Node that the lockfile pins first on the path of npm's scripts: npm 10 links no programs of packages that a
// linked folder depends on, npm 11 does. It runs on the machine's own Node (20 or newer), so it imports nothing but Node.
import { existsSync, symlinkSync } from "node:fs";

const modules = new URL("../node_modules/", import.meta.url);
const pinned = `node-${process.platform}-${process.arch}/bin/node`;
const link = new URL(".bin/node", modules);
if (existsSync(new URL(pinned, modules)) && !existsSync(link)) symlinkSync(`../${pinned}`, link);
