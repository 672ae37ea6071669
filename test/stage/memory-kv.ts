/** Workers KV in this process, which fails or hangs where a test says so. */
export function createMemoryKv(texts: Record<string, string> = {}) {
  const kv = {
    texts,
    reads: 0,
    writes: 0,
    /** Whether every call fails. */
    down: false,
    /** The key whose reads fail. */
    failing: "",
    /** The key whose reads never end. */
    hanging: "",
    get: async (key: string): Promise<string | null> => {
      kv.reads++;
      if (kv.hanging === key) return new Promise(() => undefined);
      if (kv.down || kv.failing === key) throw new Error("KV GET failed: 503");
      return texts[key] ?? null;
    },
    put: async (key: string, text: string): Promise<void> => {
      kv.writes++;
      if (kv.down) throw new Error("KV PUT failed: 503");
      texts[key] = text;
    },
  };
  return kv;
}
