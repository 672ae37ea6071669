import { createServer } from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import type { Service } from "../../shared/grpc/call.ts";
import { startServer } from "../../shared/grpc/server.ts";
import { connectWorkloadApi, type WorkloadClient } from "./workload-client.ts";

/** Ends early, and without an error, once the signal is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal }).catch(() => {});
}

/** A server on loopback, in this process, and clients of it that end with it. */
export async function startGrpcServer(service: Service) {
  const server = await startServer({ host: "127.0.0.1", port: 0 }, service, { createServer, pause });
  if (!server.ok) throw new Error(`no server: ${server.error}`);
  const { port, close } = server.value;
  const clients: WorkloadClient[] = [];
  const connect = async (): Promise<WorkloadClient> => {
    const client = await connectWorkloadApi(`tcp://127.0.0.1:${port}`);
    clients.push(client);
    return client;
  };
  return {
    port: port ?? 0,
    connect,
    close: async () => {
      await close();
      for (const { session } of clients) session.destroy();
    },
  };
}

export type GrpcServer = Awaited<ReturnType<typeof startGrpcServer>>;
