export default {
  async fetch(): Promise<Response> {
    return new Response("not built yet", { status: 503 });
  },
};
