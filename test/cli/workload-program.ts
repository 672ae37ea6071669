// A SPIFFE program: asks the Workload API that SPIFFE_ENDPOINT_SOCKET names for an SVID for each of its arguments, and
// prints the SPIFFE IDs, and whether the file of SVID_FILE holds the first SVID.
import { existsSync, readFileSync } from "node:fs";
import { connectWorkloadApi, svidRequest, svidsOf } from "../stage/workload-client.ts";

const { SPIFFE_ENDPOINT_SOCKET: endpoint = "", SVID_FILE: file } = process.env;
const client = await connectWorkloadApi(endpoint);
const svids: string[] = [];
const ids: unknown[] = [];
for (const audience of process.argv.slice(2)) {
  const { code, message, messages } = await client.call("FetchJWTSVID", { message: svidRequest([audience]) });
  const [issued] = svidsOf(messages[0] ?? new Uint8Array());
  svids.push(issued?.svid ?? "");
  ids.push(issued?.spiffeId ?? { code, message });
}
const inFile = file !== undefined && existsSync(file) ? readFileSync(file, "utf8") : undefined;
process.stdout.write(
  JSON.stringify({ endpoint, ids, file: inFile === undefined ? "none" : inFile === svids[0] }),
);
await client.close();
