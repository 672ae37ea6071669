import type { TestProject } from "vitest/node";
import { unstable_readConfig } from "wrangler";

/** What `wrangler.toml` binds to the Worker, as wrangler reads it. */
export interface DeployedConfig {
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
  readonly kvNamespaces: readonly string[];
  /** The class of each Durable Object binding. */
  readonly durableObjects: Readonly<Record<string, string>>;
  readonly rateLimits: readonly RateLimitBinding[];
}

export interface RateLimitBinding {
  readonly name: string;
  readonly namespace: string;
  readonly limit: number;
  readonly period: 10 | 60;
}

declare module "vitest" {
  interface ProvidedContext {
    readonly deployedConfig: DeployedConfig;
  }
}

/** The part of wrangler's own type that is read here: the whole of it needs packages that are not installed. */
interface WranglerConfig {
  readonly compatibility_date: string;
  readonly compatibility_flags: readonly string[];
  readonly kv_namespaces: readonly { readonly binding: string }[];
  readonly durable_objects: {
    readonly bindings: readonly { readonly name: string; readonly class_name: string }[];
  };
  readonly ratelimits: readonly {
    readonly name: string;
    readonly namespace_id: string;
    readonly simple: { readonly limit: number; readonly period: 10 | 60 };
  }[];
}

/** Reads the configuration once for all test files: wrangler alone takes a second to load. */
export default function provideDeployedConfig(project: TestProject): void {
  const config: WranglerConfig = unstable_readConfig({ config: "wrangler.toml" });
  project.provide("deployedConfig", {
    compatibilityDate: config.compatibility_date,
    compatibilityFlags: config.compatibility_flags,
    kvNamespaces: config.kv_namespaces.map(({ binding }) => binding),
    durableObjects: Object.fromEntries(
      config.durable_objects.bindings.map(({ name, class_name }) => [name, class_name]),
    ),
    rateLimits: config.ratelimits.map(({ name, namespace_id, simple }) => ({
      name,
      namespace: namespace_id,
      ...simple,
    })),
  });
}
