/** The one runtime module that the Worker imports; the types come from `@cloudflare/workers-types`. */
declare module "cloudflare:workers" {
  import type { CloudflareWorkersModule } from "@cloudflare/workers-types";

  export const DurableObject: typeof CloudflareWorkersModule.DurableObject;
}
