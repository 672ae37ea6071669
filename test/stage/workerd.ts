import type { IncomingMessage, ServerResponse } from "node:http";
import type { KVNamespace } from "@cloudflare/workers-types";
import { Miniflare, type MiniflareOptions, NoOpLog, type WorkerdStructuredLog } from "miniflare";
import { inject } from "vitest";
import { type Handler, respond, toRequest } from "../../local/serve.ts";
import { bundleForWorkerd, type Limits } from "./bundle.ts";
import { deployedBindings, type Rates } from "./deployed-bindings.ts";

export interface WorkerdOptions {
  /** The module to run, from the repository's root. */
  readonly main: string;
  /** `deployed`: what `wrangler.toml` binds. `none`: the module needs nothing. */
  readonly bindings: "deployed" | "none";
  readonly secrets?: Readonly<Record<string, string>>;
  readonly limits?: Limits;
  readonly rates?: Rates;
  /**
   * Answers every outbound request; where it throws, the connection breaks off. `loopback`: the runtime's own network,
   * with bodies that stream and WebSockets.
   */
  readonly outbound?: Handler | "loopback";
  /** Workers behind service bindings: the text of each module, by the name of the binding. `self` is this Worker. */
  readonly services?: Readonly<Record<string, string | typeof SELF>>;
}

/** A service binding that leads back to the Worker that has it. */
export const SELF = Symbol("self");

export type Workerd = Awaited<ReturnType<typeof startWorkerd>>;

const NAME = "svid-exchange";

/** Starts one module in a workerd of its own, with empty storage. */
export async function startWorkerd(options: WorkerdOptions) {
  const logs: string[] = [];
  const settings = await miniflareOptions(options, (line) => logs.push(line));
  let miniflare = new Miniflare(settings);
  let url = await miniflare.ready;
  return {
    /** Where it listens, on loopback. */
    url: (): URL => url,
    /** Where it listens without miniflare before it, so that a request arrives byte by byte as it was sent. */
    directUrl: (): Promise<URL> => miniflare.unsafeGetDirectURL(NAME),
    /** Sends a request past the socket, to whatever address it names. */
    fetch: async (address: string, init?: RequestInit): Promise<Response> =>
      (await miniflare.dispatchFetch(address, init as never)) as unknown as Response,
    kv: async (): Promise<KVNamespace> => (await miniflare.getKVNamespace("KV")) as unknown as KVNamespace,
    /**
     * Starts the scheduled event of an instant in Unix seconds, and waits for its end.
     *
     * @returns how it ended: `ok`, or `exception` where the handler threw.
     */
    scheduled: async (seconds: number): Promise<string> => {
      const worker = await miniflare.getWorker();
      const { outcome } = await worker.scheduled({
        scheduledTime: new Date(seconds * 1000),
        cron: "17 * * * *",
      });
      return outcome;
    },
    /** Ends a Durable Object's memory; its storage stays. */
    evict: (className: string, name: string): Promise<void> =>
      miniflare.unsafeEvictDurableObject(NAME, className, { name }),
    /** The lines that were logged since the start, or since they were cleared. */
    logs: (): readonly string[] => logs,
    clearLogs: (): void => void logs.splice(0),
    /** A fresh workerd with empty storage and memory. Its address may be another one. */
    reset: async (): Promise<void> => {
      await miniflare.dispose();
      logs.splice(0);
      miniflare = new Miniflare(settings);
      url = await miniflare.ready;
    },
    close: (): Promise<void> => miniflare.dispose(),
  };
}

async function miniflareOptions(
  options: WorkerdOptions,
  log: (line: string) => void,
): Promise<MiniflareOptions> {
  const {
    main,
    bindings,
    secrets = {},
    limits = {},
    rates = {},
    outbound = nowhere,
    services = {},
  } = options;
  const config = inject("deployedConfig");
  const texts = Object.entries(secrets).map(([name, value]) => [name, { type: "text", value }]);
  const deployed = bindings === "deployed" ? deployedBindings(config, NAME, rates) : { env: {}, exports: {} };
  const { compatibilityDate } = config;
  const compatibilityFlags = [...config.compatibilityFlags];
  const manifestOf = (contents: string) => ({
    mainModule: "main.js",
    modules: { "main.js": { type: "esm" as const, contents } },
  });
  const bound = Object.entries(services).map(([name, module]) => [
    name,
    { type: "worker", worker: module === SELF ? NAME : name.toLowerCase() },
  ]);
  const others = Object.entries(services).flatMap(([name, module]) =>
    module === SELF
      ? []
      : [{ config: { name: name.toLowerCase(), compatibilityDate, manifest: manifestOf(module) } }],
  );
  return {
    cf: { colo: "ZRH" },
    log: new NoOpLog(),
    handleStructuredLogs: ({ message }: WorkerdStructuredLog) => log(message),
    workers: [
      {
        config: {
          name: NAME,
          compatibilityDate,
          compatibilityFlags,
          manifest: manifestOf(await bundleForWorkerd(main, limits)),
          env: { ...Object.fromEntries([...texts, ...bound]), ...deployed.env },
          exports: deployed.exports,
        },
        dev: {
          stripCfConnectingIp: false,
          unsafeDirectSockets: [{ port: 0 }],
          ...(outbound === "loopback"
            ? {}
            : { outboundService: { type: "node-handler" as const, handler: outboundBy(outbound) } }),
        },
      },
      ...others,
    ],
  };
}

/**
 * A node-handler and not a fetcher: miniflare would encode an encoded body once more, end a body that fails as if it
 * were whole, and answer 500 where nobody answers. The scheme is not told; the Worker asks https alone.
 */
function outboundBy(answer: Handler) {
  return async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    // workerd asks once more where a connection that it kept breaks off.
    outgoing.shouldKeepAlive = false;
    try {
      await respond(await answer(await toRequest(incoming, `https://${incoming.headers.host}`)), outgoing);
    } catch {
      outgoing.destroy();
    }
  };
}

async function nowhere({ url }: Request): Promise<Response> {
  throw new TypeError(`no route to ${url}`);
}
