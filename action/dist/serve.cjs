"use strict";
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target2) => (target2 = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target2, "default", { value: mod, enumerable: true }) : target2,
  mod
));

// action/serve.ts
var import_node_http2 = require("node:http2");
var import_promises = require("node:timers/promises");

// shared/bounded-body.ts
async function readBounded(body, limit) {
  if (body === null) return new Uint8Array();
  const bytes = new Uint8Array(limit);
  let size = 0;
  const iterator = body[Symbol.asyncIterator]();
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    if (size + next.value.byteLength > limit) {
      iterator.return?.().catch(() => void 0);
      return void 0;
    }
    bytes.set(next.value, size);
    size += next.value.byteLength;
  }
  return bytes.subarray(0, size);
}

// shared/client/fetch.ts
function withUserAgent(fetch, userAgent) {
  return (url, request5) => fetch(url, { ...request5, headers: { ...request5.headers, "user-agent": userAgent } });
}
var ATTEMPT_TIMEOUT_MS = 1e4;
function attemptSignal(leftMs2, { timeoutSignal }) {
  return timeoutSignal(Math.max(1, Math.min(ATTEMPT_TIMEOUT_MS, leftMs2)));
}
async function readText(response, limit) {
  const bytes = await readBounded(response.body, limit);
  return bytes === void 0 ? void 0 : new TextDecoder().decode(bytes);
}
function parseJson(text2) {
  if (text2 === void 0) return void 0;
  try {
    return JSON.parse(text2);
  } catch {
    return void 0;
  }
}

// shared/json.ts
function isJsonObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function ownMember(object, name) {
  return Object.hasOwn(object, name) ? object[name] : void 0;
}

// shared/result.ts
function ok(value) {
  return { ok: true, value };
}
function err(error) {
  return { ok: false, error };
}

// shared/client/environment.ts
function variable(env, name) {
  const value = env[name]?.trim() ?? "";
  return value === "" ? void 0 : value;
}

// shared/client/network.ts
function mayRecover(cause) {
  return cause !== "tls" && cause !== "proxy";
}
var CAUSES = [
  ["dns", /^(ENOTFOUND|EAI_[A-Z]+|ENODATA|EDNS.*)$/],
  ["proxy", /^ERR_PROXY_[A-Z_]+$/],
  ["timeout", /^(ETIMEDOUT|ESOCKETTIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT)$/],
  ["refused", /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|EADDRNOTAVAIL)$/],
  ["reset", /^(ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET|HPE_[A-Z_]+)$/],
  // X509_verify_cert's codes as Node names them, its own ERR_TLS_*, and OpenSSL's handshake errors.
  ["tls", /^(CERT_|UNABLE_TO_|CRL_|ERR_TLS_|ERR_SSL_|EPROTO$|HOSTNAME_MISMATCH$|INVALID_(CA|PURPOSE)$)/],
  ["tls", /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|PATH_LENGTH_EXCEEDED)$/]
];
var MAX_DEPTH = 5;
function networkError(thrown, signal) {
  if (signal?.aborted) return { cause: "timeout" };
  let error = thrown;
  for (let depth = 0; depth < MAX_DEPTH && isObject(error); depth += 1) {
    if (error["name"] === "TimeoutError" || error["name"] === "AbortError") return { cause: "timeout" };
    const errno = error["code"];
    const row = typeof errno === "string" ? CAUSES.find(([, pattern]) => pattern.test(errno)) : void 0;
    if (typeof errno === "string" && row !== void 0) return { cause: row[0], errno };
    error = error["cause"] ?? (Array.isArray(error["errors"]) ? error["errors"][0] : void 0);
  }
  return { cause: "other" };
}
function isObject(value) {
  return typeof value === "object" && value !== null;
}

// shared/client/retry.ts
var FIRST_DELAY_MS = 250;
var MAX_DELAY_MS = 8e3;
var MAX_ATTEMPTS = 20;
function delayMs(attempt3, retryAfterMs2, random) {
  const ceiling = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt3 - 1));
  const own = ceiling / 2 + ceiling / 2 * random;
  return Math.round(retryAfterMs2 > 0 ? retryAfterMs2 + FIRST_DELAY_MS / 2 * random : own);
}
function parseRetryAfter(header, nowMs) {
  const text2 = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(text2)) return Number(text2) * 1e3;
  if (!/^[A-Z][a-z]{2}, .* GMT$/.test(text2)) return void 0;
  const wait = Date.parse(text2) - nowMs;
  return wait > 0 ? wait : void 0;
}
function nextAttempt({ status: status2, headers }, nowMs) {
  const retryAfterMs2 = parseRetryAfter(headers.get("retry-after"), nowMs);
  const retryable = status2 === 429 || status2 >= 500;
  return { retryable, ...retryAfterMs2 === void 0 ? {} : { retryAfterMs: retryAfterMs2 } };
}
var TIMER_SLACK_MS = 20;
async function withRetry(attempt3, timeoutMs, ports) {
  const deadline = ports.nowMs() + timeoutMs;
  let earlier;
  for (let attempts = 1; ; attempts += 1) {
    const outcome = await attempt3(deadline - ports.nowMs());
    if (outcome.ok) return outcome;
    const { failure: failure2, retryable, retryAfterMs: retryAfterMs2 = 0 } = outcome.error;
    if (!retryable) return err({ failure: failure2, attempts, outOfTime: false });
    const left = deadline - ports.nowMs();
    if (left <= TIMER_SLACK_MS) return err({ failure: earlier ?? failure2, attempts, outOfTime: true });
    const pause2 = delayMs(attempts, retryAfterMs2, ports.random());
    if (attempts === MAX_ATTEMPTS || pause2 >= left) return err({ failure: failure2, attempts, outOfTime: true });
    await ports.sleep(pause2);
    earlier = failure2;
  }
}

// shared/client/id-token.ts
var ID_TOKEN_PROTOCOLS = {
  /** GitHub, GitHub Enterprise Server and Forgejo: ID tokens of any audience, as many as the job asks for. */
  github: {
    urlVariable: "ACTIONS_ID_TOKEN_REQUEST_URL",
    bearerVariable: "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    method: "GET",
    query: (audience) => ({ audience }),
    member: "value"
  },
  /** Azure DevOps: the audience is always `api://AzureADTokenExchange`. */
  azure: {
    urlVariable: "SYSTEM_OIDCREQUESTURI",
    bearerVariable: "SYSTEM_ACCESSTOKEN",
    method: "POST",
    query: () => ({ "api-version": "7.1" }),
    member: "oidcToken"
  }
};
var MAX_RESPONSE_BYTES = 64 * 1024;
function idTokenService(protocol, env) {
  const url = variable(env, protocol.urlVariable);
  const bearer = variable(env, protocol.bearerVariable);
  if (url === void 0 || bearer === void 0 || !URL.canParse(url)) return void 0;
  return { protocol, url, bearer };
}
async function requestIdToken(service, audience, ports, signal) {
  try {
    const request5 = idTokenRequest(service, signal);
    const response = await ports.fetch(idTokenUrl(service, audience), request5);
    return await processIdTokenResponse(response, service.protocol, ports.nowMs());
  } catch (thrown) {
    const error = networkError(thrown, signal);
    return err({ retryable: mayRecover(error.cause), failure: { code: "id_token_unreachable", ...error } });
  }
}
function idTokenUrl({ protocol, url }, audience) {
  const target2 = new URL(url);
  for (const [name, value] of Object.entries(protocol.query(audience))) target2.searchParams.set(name, value);
  return target2.href;
}
function idTokenRequest({ protocol, bearer }, signal) {
  const headers = { accept: "application/json", authorization: `Bearer ${bearer}` };
  const common = { redirect: "manual", signal };
  if (protocol.method === "GET") return { method: "GET", headers, ...common };
  return { method: "POST", headers: { ...headers, "content-type": "application/json" }, body: "", ...common };
}
async function processIdTokenResponse(response, { member }, nowMs) {
  const body = parseJson(await readText(response, MAX_RESPONSE_BYTES));
  if (response.status !== 200) {
    const failure2 = { code: "id_token_refused", status: response.status };
    return err({ failure: failure2, ...nextAttempt(response, nowMs) });
  }
  const token = isJsonObject(body) ? body[member] : void 0;
  if (typeof token === "string" && token !== "") return ok(token);
  return err({ retryable: false, failure: { code: "id_token_malformed" } });
}

// action/background/job.ts
var fs3 = __toESM(require("node:fs"), 1);

// shared/client/network-advice.ts
var ADVICE = {
  dns: [
    "its host name has no address",
    ({ url }) => `Check the host name in ${url}, and whether the DNS of this machine knows it.`
  ],
  tls: [
    "its certificate was not accepted",
    ({ url }) => `Check the host name in ${url}. For a private certificate authority, set NODE_EXTRA_CA_CERTS to its certificate.`
  ],
  refused: [
    "the connection was refused",
    ({ url }) => `Check host and port in ${url}, and whether a firewall lets this machine connect there.`
  ],
  reset: [
    "the connection broke off",
    () => "Run the job again. If it fails again, check whether a firewall or a proxy cuts the connection."
  ],
  timeout: [
    "no response came in time",
    ({ timeout }) => `Check whether this machine may connect there${timeout === void 0 ? "" : `, or raise ${timeout}`}.`
  ],
  proxy: [
    "the proxy refused the connection",
    () => "Check HTTPS_PROXY and NO_PROXY, and whether the proxy allows this host."
  ],
  other: [
    "the connection failed",
    () => "Run the job again. If it fails again, check the network of this machine."
  ]
};
function networkAdvice(cause, names) {
  const [meaning, advice] = ADVICE[cause];
  return { meaning, advice: advice(names) };
}

// shared/client/describe-unread.ts
function describeUnread({ url, what, thrown }) {
  if (thrown === void 0) {
    return {
      message: `${url} ${what}.`,
      advice: "Check the address. Open it with curl to see the response."
    };
  }
  const { cause, errno } = networkError(thrown);
  const { meaning, advice } = networkAdvice(cause, { url: "the address" });
  return { message: `${url} could not be read: ${meaning} (${errno ?? cause}).`, advice };
}

// shared/client/svid-file.ts
var OWNER_ONLY = 384;
function writeSvidFile(file, svid, { fs: fs4, path: path3, randomName }) {
  const fresh = path3.join(path3.dirname(file.path), `.${path3.basename(file.path)}.${randomName()}`);
  try {
    fs4.writeFileSync(fresh, svid, { flag: "wx", mode: OWNER_ONLY });
    fs4.chmodSync(fresh, OWNER_ONLY);
    fs4.renameSync(fresh, file.path);
  } catch (error) {
    fs4.rmSync(fresh, { force: true });
    throw error;
  }
}
function removeSvidFile({ path: path3, folder }, { fs: fs4 }) {
  fs4.rmSync(path3, { force: true });
  if (folder !== void 0) fs4.rmSync(folder, { force: true, recursive: true });
}

// shared/deadline.ts
function withinDeadline(work, signal) {
  let expire = () => void 0;
  const deadline = new Promise((_, reject) => {
    expire = () => reject(signal.reason);
  });
  if (signal.aborted) expire();
  else signal.addEventListener("abort", expire, { once: true });
  return Promise.race([work, deadline]).finally(() => signal.removeEventListener("abort", expire));
}

// shared/limits.ts
var MAX_TOKEN_BYTES = 16 * 1024;
var MAX_TOKEN_HEADER_BYTES = 2 * 1024;
var MAX_KID_LENGTH = 256;
var MAX_JSON_DEPTH = 16;
var MAX_TOKEN_MEMBERS = 512;
var MAX_KEYS_OF_A_SET = 100;
var MIN_RSA_BITS = 2048;
var MAX_RSA_BITS = 8192;
var MAX_KEY_DOCUMENT_BYTES = 100 * 1024;
var MAX_KEY_DOCUMENT_MEMBERS = 4e3;
var KEY_FETCH_TIMEOUT_SECONDS = 3;

// shared/loopback.ts
function isLoopback(hostname) {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}
function isConfidential({ protocol, hostname }) {
  return protocol === "https:" || protocol === "http:" && isLoopback(hostname);
}

// shared/strict/json-number.ts
var ascii = new TextDecoder();
var PLUS = 43;
var MINUS = 45;
var POINT = 46;
var CAPITAL_E = 69;
var SMALL_E = 101;
function isPointOrExponent(bytes, at) {
  const byte = bytes[at];
  return byte === POINT || (byte === SMALL_E || byte === CAPITAL_E) && isDigit(bytes[at - 1]);
}
function numberAround(bytes, at) {
  let start = at;
  while (isOfNumber(bytes[start - 1])) start--;
  let end = at;
  while (isOfNumber(bytes[end])) end++;
  return { number: ascii.decode(bytes.subarray(start, end)), end };
}
function isRounded(number) {
  if (!Number.isInteger(Number(number))) return false;
  const [mantissa = "", exponent = "0"] = number.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const digits = whole + fraction;
  let significant = digits.length;
  while (digits[significant - 1] === "0") significant--;
  const isZero = !/[1-9]/.test(digits);
  return !isZero && significant - whole.length > Number(exponent);
}
function isDigit(byte = 0) {
  return byte >= 48 && byte <= 57;
}
function isOfNumber(byte = 0) {
  if (isDigit(byte) || byte === POINT) return true;
  return byte === PLUS || byte === MINUS || byte === SMALL_E || byte === CAPITAL_E;
}

// shared/strict/json.ts
var utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
var QUOTE = 34;
var COLON = 58;
var BACKSLASH = 92;
var CASE_BIT = 32;
var OPEN = 123;
var CLOSE = 125;
function parseStrictObject(bytes, maxMembers) {
  const text2 = decode(bytes);
  if (text2 === void 0) return err("is not UTF-8");
  const value = parse(text2);
  if (!isJsonObject(value)) return err("is not a JSON object");
  const { depth, members, rounded } = structureOf(bytes);
  if (depth > MAX_JSON_DEPTH) return err("is nested too deep");
  if (members > maxMembers) return err("has too many members");
  const held = membersOf(value);
  if (rounded || Number.isNaN(held)) return err("has a string or number that has no exact value");
  if (held !== members) return err("has the same member twice");
  return ok(value);
}
function decode(bytes) {
  try {
    return utf8.decode(bytes);
  } catch {
    return void 0;
  }
}
function parse(text2) {
  try {
    return JSON.parse(text2);
  } catch {
    return void 0;
  }
}
function structureOf(bytes) {
  let depth = 0;
  let deepest = 0;
  let members = 0;
  let rounded = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === QUOTE) i = endOfString(bytes, i);
    else if (byte === COLON) members++;
    else if ((byte | CASE_BIT) === OPEN) deepest = Math.max(deepest, ++depth);
    else if ((byte | CASE_BIT) === CLOSE) depth--;
    else if (isPointOrExponent(bytes, i)) {
      const { number, end } = numberAround(bytes, i);
      rounded ||= isRounded(number);
      i = end - 1;
    }
  }
  return { depth: deepest, members, rounded };
}
function endOfString(bytes, start) {
  let i = start + 1;
  while (bytes[i] !== QUOTE) i += bytes[i] === BACKSLASH ? 2 : 1;
  return i;
}
function membersOf(value) {
  if (typeof value === "string") return value.isWellFormed() ? 0 : Number.NaN;
  if (typeof value === "number") return Number.isFinite(value) ? 0 : Number.NaN;
  if (typeof value !== "object" || value === null) return 0;
  if (Array.isArray(value)) return value.reduce((count2, inner) => count2 + membersOf(inner), 0);
  let count = 0;
  for (const [name, inner] of Object.entries(value)) count += 1 + membersOf(inner) + membersOf(name);
  return count;
}

// shared/jwk/fetch-json.ts
async function fetchJsonObject({ fetch, timeoutSignal }, url) {
  const failed = (what) => err({ url, what });
  if (!isFetchable(url)) return failed("is not an https address");
  const signal = timeoutSignal(KEY_FETCH_TIMEOUT_SECONDS * 1e3);
  const headers = { accept: "application/json" };
  try {
    const request5 = { method: "GET", headers, redirect: "manual", cache: "no-store", signal };
    const { status: status2, headers: received, body } = await withinDeadline(fetch(url, request5), signal);
    if (status2 !== 200) {
      discard(body);
      return err({ url, what: `answered with status ${status2}`, status: status2 });
    }
    if (!mayBeJson(received.get("content-type"))) {
      discard(body);
      return failed("has a Content-Type that is not of JSON");
    }
    const bytes = await withinDeadline(readBounded(body, MAX_KEY_DOCUMENT_BYTES), signal);
    if (bytes === void 0) return failed(`sent more than ${MAX_KEY_DOCUMENT_BYTES} bytes`);
    const parsed = parseStrictObject(bytes, MAX_KEY_DOCUMENT_MEMBERS);
    return parsed.ok ? parsed : failed(`sent a body that ${parsed.error}`);
  } catch (thrown) {
    return err({ url, what: signal.aborted ? "did not answer in time" : "could not be reached", thrown });
  }
}
var JSON_TYPE = /^(?:(?:application|text)\/json|application\/[a-z0-9.-]+\+json|text\/plain|(?:application|binary)\/octet-stream)$/;
function mayBeJson(contentType) {
  const type = contentType?.split(";")[0]?.trim().toLowerCase() ?? "";
  return type === "" || JSON_TYPE.test(type);
}
function isFetchable(text2) {
  if (!URL.canParse(text2)) return false;
  const url = new URL(text2);
  if (url.username !== "" || url.password !== "" || url.hash !== "") return false;
  return isConfidential(url);
}
function discard(body) {
  body?.[Symbol.asyncIterator]().return?.().catch(() => void 0);
}

// shared/client/read-document.ts
function readOnce(timeoutMs, ports) {
  const { fetch } = ports;
  return (url) => fetchJsonObject({ fetch, timeoutSignal: () => attemptSignal(timeoutMs, ports) }, url);
}
function readWithRetry(timeoutMs, ports) {
  const deadlineMs = ports.nowMs() + timeoutMs;
  return async (url) => {
    const leftMs2 = deadlineMs - ports.nowMs();
    const read = await withRetry((left) => attempt(url, left, ports), leftMs2, ports);
    return read.ok ? read : err(read.error.failure);
  };
}
async function attempt(url, leftMs2, ports) {
  const read = await readOnce(leftMs2, ports)(url);
  return read.ok ? read : err({ failure: read.error, retryable: mayPass(read.error) });
}
function mayPass({ status: status2, thrown }) {
  if (status2 !== void 0) return status2 === 429 || status2 >= 500;
  return thrown !== void 0 && mayRecover(networkError(thrown).cause);
}

// shared/grpc/bytes.ts
function concatBytes(parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

// shared/grpc/status.ts
var STATUS_CODES = {
  ok: 0,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14
};
var OK = { name: "ok", message: "" };
function status(name, message) {
  return { name, message };
}
function statusTrailers({ name, message }) {
  const code = { "grpc-status": String(STATUS_CODES[name]) };
  return message === "" ? code : { ...code, "grpc-message": encodeMessage(message) };
}
var MAX_MESSAGE_BYTES = 4096;
function encodeMessage(message) {
  let encoded = "";
  for (const character of message) {
    const next = encodeCharacter(character);
    if (encoded.length + next.length > MAX_MESSAGE_BYTES) return `${encoded}...`;
    encoded += next;
  }
  return encoded;
}
function encodeCharacter(character) {
  if (/^[\x20-\x24\x26-\x7e]$/.test(character)) return character;
  return Array.from(
    new TextEncoder().encode(character),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`
  ).join("");
}

// shared/grpc/framing.ts
var PREFIX_BYTES = 5;
function frameMessage(message) {
  const prefix = new Uint8Array(PREFIX_BYTES);
  new DataView(prefix.buffer).setUint32(1, message.length);
  return concatBytes([prefix, message]);
}
function readOneMessage(encoding, limit) {
  const parts = [];
  let size = 0;
  let prefix;
  return {
    push: (part) => {
      parts.push(part);
      size += part.length;
      if (size < PREFIX_BYTES) return void 0;
      prefix ??= concatBytes(parts).subarray(0, PREFIX_BYTES);
      return prefixProblem(prefix, encoding, limit) ?? sizeProblem(size, lengthIn(prefix));
    },
    end: () => {
      if (prefix === void 0) return err(status("internal", "The request has no message."));
      const bytes = concatBytes(parts).subarray(PREFIX_BYTES);
      if (bytes.length === lengthIn(prefix)) return ok(bytes);
      return err(status("internal", "The message of the request is cut off."));
    }
  };
}
function lengthIn(prefix) {
  return new DataView(prefix.buffer, prefix.byteOffset).getUint32(1);
}
function prefixProblem(prefix, encoding, limit) {
  const [flag] = prefix;
  if (flag === 1 && encoding !== void 0 && encoding !== "identity") {
    return status("unimplemented", "Compressed messages are not supported. Send them without compression.");
  }
  if (flag !== 0) {
    return status("internal", "The message is marked as compressed, and no header grpc-encoding says how.");
  }
  if (lengthIn(prefix) <= limit) return void 0;
  return status("resourceExhausted", `The message is longer than ${limit} bytes.`);
}
function sizeProblem(size, length) {
  if (size <= PREFIX_BYTES + length) return void 0;
  return status("internal", "The request has more than one message.");
}

// shared/grpc/stream.ts
function headerText(headers, name) {
  const value = headers[name];
  return typeof value === "string" ? value : value?.join(",");
}
var NO_ERROR = 0;
function isOpen({ closed, destroyed }) {
  return !closed && !destroyed;
}

// shared/grpc/timeout.ts
var UNITS = /* @__PURE__ */ new Map([
  ["H", 36e5],
  ["M", 6e4],
  ["S", 1e3],
  ["m", 1],
  ["u", 1e-3],
  ["n", 1e-6]
]);
var LONGEST_TIMER_MS = 2 ** 31 - 1;
function parseTimeout(header) {
  if (header === void 0) return ok(void 0);
  const [, digits = "", unit = ""] = /^(\d{1,8})([HMSmun])$/.exec(header) ?? [];
  const unitMs = UNITS.get(unit);
  if (unitMs === void 0) return err("the header grpc-timeout is malformed");
  const timeoutMs = Math.ceil(Number(digits) * unitMs);
  return ok(timeoutMs > LONGEST_TIMER_MS ? void 0 : timeoutMs);
}

// shared/grpc/request.ts
function judgeHeaders(headers, methodOf2) {
  if (headers[":method"] !== "POST") return err({ httpStatus: 405 });
  const type = headerText(headers, "content-type") ?? "";
  if (!/^application\/grpc(\+proto)?(;|$)/.test(type)) return err({ httpStatus: 415 });
  const timeout = parseTimeout(headerText(headers, "grpc-timeout"));
  if (!timeout.ok) return err(status("internal", `${timeout.error}.`));
  const method = methodOf2(headerText(headers, ":path") ?? "", headers);
  return method.ok ? ok({ method: method.value, timeoutMs: timeout.value }) : method;
}
function readRequest(stream, headers, maxBytes, done) {
  const reader = readOneMessage(headerText(headers, "grpc-encoding"), maxBytes);
  let refused3 = false;
  stream.on("data", (part) => {
    if (refused3) return;
    const problem = reader.push(part);
    if (problem === void 0) return;
    refused3 = true;
    done(err(problem));
  });
  stream.on("end", () => {
    if (!refused3) done(reader.end());
  });
}
function drain(stream) {
  stream.on("data", () => {
  });
}

// shared/grpc/response.ts
var HEADERS = {
  ":status": 200,
  "content-type": "application/grpc",
  "grpc-accept-encoding": "identity"
};
async function sendMessage(stream, message, over) {
  if (over.aborted || !isOpen(stream)) return;
  if (!stream.headersSent) stream.respond(HEADERS, { waitForTrailers: true });
  await new Promise((resolve3) => {
    const end = () => {
      over.removeEventListener("abort", end);
      resolve3();
    };
    over.addEventListener("abort", end);
    stream.write(frameMessage(message), end);
  });
}
function endCall(stream, end) {
  const trailers = { ...statusTrailers(end) };
  if (!stream.headersSent) {
    endWithHeaders(stream, { ...HEADERS, ...trailers });
    return;
  }
  stream.on("wantTrailers", () => {
    if (isOpen(stream)) stream.sendTrailers(trailers);
  });
  stream.end();
}
function endWithHeaders(stream, headers) {
  if (!isOpen(stream)) return;
  stream.respond(headers, { endStream: true });
  stream.close(NO_ERROR);
}

// shared/grpc/call.ts
function serveCall(stream, headers, service, ending) {
  stream.on("error", () => {
  });
  const judged = judgeHeaders(headers, service.methodOf);
  if (!judged.ok) {
    drain(stream);
    refuse(stream, judged.error);
    return;
  }
  const over = new AbortController();
  stream.on("close", () => over.abort());
  const finish = (end) => {
    if (over.signal.aborted) return;
    over.abort();
    endCall(stream, end);
  };
  const { method, timeoutMs } = judged.value;
  endAtDeadline(timeoutMs, service, over.signal, finish);
  endWith(ending, over.signal, finish);
  const send = (message) => sendMessage(stream, message, over.signal);
  readRequest(stream, headers, service.maxRequestBytes, (request5) => {
    if (!request5.ok) {
      finish(request5.error);
      return;
    }
    method(request5.value, { send, signal: over.signal }).then(finish, (error) => {
      service.onBug(error);
      finish(status("internal", "A bug in svid-exchange ended the call."));
    });
  });
}
function refuse(stream, refusal) {
  if ("httpStatus" in refusal) endWithHeaders(stream, { ":status": refusal.httpStatus });
  else endCall(stream, refusal);
}
function endAtDeadline(timeoutMs, { pause: pause2 }, over, finish) {
  if (timeoutMs === void 0) return;
  void pause2(timeoutMs, over).then(
    () => finish(status("deadlineExceeded", "The deadline of the call passed."))
  );
}
function endWith(ending, over, finish) {
  const end = () => finish(status("unavailable", "The server has ended."));
  if (ending.aborted) end();
  else ending.addEventListener("abort", end, { once: true, signal: over });
}

// shared/grpc/server.ts
var MAX_CONCURRENT_STREAMS = 1e3;
var CLOSE_GRACE_MS = 1e3;
function startServer(place, service, { createServer: createServer3, pause: pause2 }) {
  const server = createServer3({ settings: { maxConcurrentStreams: MAX_CONCURRENT_STREAMS } });
  const ending = new AbortController();
  const sessions = /* @__PURE__ */ new Set();
  server.on("session", (session) => {
    sessions.add(session);
    session.on("error", () => {
    });
    session.on("close", () => sessions.delete(session));
  });
  server.on("stream", (stream, headers) => serveCall(stream, headers, service, ending.signal));
  const close = async () => {
    const closed = new AbortController();
    server.close(() => closed.abort());
    ending.abort();
    for (const session of sessions) session.close();
    await pause2(CLOSE_GRACE_MS, closed.signal);
    for (const session of sessions) session.destroy();
  };
  return new Promise((resolve3) => {
    server.on("error", ({ code }) => resolve3(err(code ?? "failed")));
    server.listen(place, () => resolve3(ok({ ...portOf(server.address()), close })));
  });
}
function portOf(address) {
  const isOfTcp = typeof address === "object" && address !== null && "port" in address;
  return isOfTcp ? { port: Number(address.port) } : {};
}

// shared/jwk/discovery-url.ts
function discoveryUrl(issuer) {
  return `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
}

// shared/jwk/key-fault.ts
function keyFault(reason, subject = "") {
  return { reason, subject: String(subject) };
}

// shared/strict/base64url.ts
var runtime = Uint8Array;
function encodeBase64url(bytes) {
  return bytes.toBase64?.({ alphabet: "base64url", omitPadding: true }) ?? encodeByBtoa(bytes);
}
function decodeBase64url(text2) {
  const bytes = decodeLeniently(text2);
  return bytes !== void 0 && encodeBase64url(bytes) === text2 ? bytes : void 0;
}
function decodeLeniently(text2) {
  try {
    return runtime.fromBase64?.(text2, { alphabet: "base64url" }) ?? decodeByAtob(text2);
  } catch {
    return void 0;
  }
}
function decodeByAtob(text2) {
  const binary = atob(text2.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
function encodeByBtoa(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// shared/jwk/key-material.ts
var COORDINATE_BYTES = /* @__PURE__ */ new Map([
  ["P-256", 32],
  ["P-384", 48],
  ["P-521", 66]
]);
var ED25519_BYTES = 32;
var MIN_RSA_EXPONENT = 65537;
var MAX_RSA_EXPONENT_BYTES = 4;
function judgeMaterial(jwk) {
  switch (jwk["kty"]) {
    case "RSA":
      return judgeRsa(jwk);
    case "EC":
      return judgeEc(jwk);
    case "OKP":
      return judgeOkp(jwk);
    default:
      return err(keyFault("kty_unknown"));
  }
}
function judgeRsa(jwk) {
  const n = readMember(jwk, "n");
  if (!n.ok) return n;
  const e = readMember(jwk, "e");
  if (!e.ok) return e;
  const fault = modulusFault(n.value.bytes) ?? exponentFault(e.value.bytes);
  return fault === void 0 ? ok({ kty: "RSA", n: n.value.text, e: e.value.text }) : err(fault);
}
function modulusFault(n) {
  const leadingZeros = n.findIndex((byte) => byte !== 0);
  const bits = leadingZeros === -1 ? 0 : (n.length - leadingZeros) * 8 - (Math.clz32(n[leadingZeros] ?? 0) - 24);
  if (bits < MIN_RSA_BITS) return keyFault("modulus_short", MIN_RSA_BITS);
  if (bits > MAX_RSA_BITS) return keyFault("modulus_long", MAX_RSA_BITS);
  return isOdd(n) ? void 0 : keyFault("modulus_even");
}
function exponentFault(e) {
  const value = e.reduce((sum, byte) => sum * 256 + byte, 0);
  const isSafe = e.length <= MAX_RSA_EXPONENT_BYTES && value >= MIN_RSA_EXPONENT && isOdd(e);
  return isSafe ? void 0 : keyFault("exponent_unsafe");
}
function judgeEc(jwk) {
  const { crv } = jwk;
  const size = COORDINATE_BYTES.get(crv);
  if (typeof crv !== "string" || size === void 0)
    return err(keyFault("crv_unknown", [...COORDINATE_BYTES.keys()].join(" or ")));
  const x = readMember(jwk, "x", size);
  if (!x.ok) return x;
  const y = readMember(jwk, "y", size);
  if (!y.ok) return y;
  return ok({ kty: "EC", crv, x: x.value.text, y: y.value.text });
}
function judgeOkp(jwk) {
  if (jwk["crv"] !== "Ed25519") return err(keyFault("crv_unknown", "Ed25519"));
  const x = readMember(jwk, "x", ED25519_BYTES);
  return x.ok ? ok({ kty: "OKP", crv: "Ed25519", x: x.value.text }) : x;
}
function readMember(jwk, name, size) {
  const text2 = jwk[name];
  const bytes = typeof text2 === "string" ? decodeBase64url(text2) : void 0;
  if (typeof text2 !== "string" || bytes === void 0 || bytes.length === 0) {
    return err(keyFault("member_unreadable", name));
  }
  if (size !== void 0 && bytes.length !== size) return err(keyFault("coordinate_size", name));
  return ok({ text: text2, bytes });
}
function isOdd(bytes) {
  return (bytes.at(-1) ?? 0) % 2 === 1;
}

// shared/jwk/kid.ts
var PRINTABLE_ASCII = /^[\x20-\x7e]+$/;
function judgeKid(kid) {
  if (kid === void 0 || kid === "") return err(keyFault("kid_missing"));
  if (typeof kid !== "string") return err(keyFault("kid_not_text"));
  if (kid.length > MAX_KID_LENGTH) return err(keyFault("kid_too_long", MAX_KID_LENGTH));
  return PRINTABLE_ASCII.test(kid) ? ok(kid) : err(keyFault("kid_not_printable"));
}

// shared/jwk/public-key.ts
var PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
function judgeKey(jwk, use) {
  if (!isJsonObject(jwk)) return err(keyFault("not_an_object"));
  const secret = PRIVATE_MEMBERS.find((name) => Object.hasOwn(jwk, name));
  if (secret !== void 0) return err(keyFault("private_member", secret));
  const kid = judgeKid(jwk["kid"]);
  if (!kid.ok) return kid;
  const { alg } = jwk;
  if (alg !== void 0 && typeof alg !== "string") return err(keyFault("alg_not_text"));
  const misuse = useFault(jwk, use);
  if (misuse !== void 0) return err(misuse);
  const material = judgeMaterial(jwk);
  if (!material.ok) return material;
  return ok({ kid: kid.value, ...alg === void 0 ? {} : { alg }, ...material.value });
}
function useFault({ use, key_ops: operations }, wanted) {
  const isForUse = use === wanted || use === void 0 && wanted === "sig";
  if (!isForUse) return keyFault("use_differs", wanted);
  if (operations === void 0 || Array.isArray(operations) && operations.includes("verify"))
    return void 0;
  return keyFault("key_ops_without_verify");
}

// shared/jwk/key-set.ts
function judgeKeys(listed, use) {
  const counts = /* @__PURE__ */ new Map();
  for (const jwk of listed) counts.set(kidOf(jwk), (counts.get(kidOf(jwk)) ?? 0) + 1);
  return listed.map((jwk) => {
    const key = judgeKey(jwk, use);
    return key.ok && counts.get(key.value.kid) !== 1 ? err(keyFault("kid_repeated", key.value.kid)) : key;
  });
}
function usableKeys(judged) {
  return new Map(judged.flatMap((key) => key.ok ? [[key.value.kid, key.value]] : []));
}
function readKeySet(document, use) {
  const listed = ownMember(document, "keys");
  if (!Array.isArray(listed)) return err("has no list of keys");
  if (listed.length > MAX_KEYS_OF_A_SET) return err(`has more than ${MAX_KEYS_OF_A_SET} keys`);
  const judged = judgeKeys(listed, use);
  const faults = /* @__PURE__ */ new Map();
  for (const [index, key] of judged.entries()) {
    const kid = kidOf(listed[index]);
    if (!key.ok && typeof kid === "string") faults.set(kid, key.error);
  }
  return ok({ keys: usableKeys(judged), faults });
}
function kidOf(jwk) {
  return isJsonObject(jwk) ? jwk["kid"] : void 0;
}

// shared/verify/published-keys.ts
async function issuerKeys(issuer, read) {
  const url = discoveryUrl(issuer);
  const metadata = await read(url);
  if (!metadata.ok) return err({ ...metadata.error, code: "metadata_unreadable" });
  const { issuer: named, jwks_uri: address } = metadata.value;
  if (named !== issuer) return err({ code: "issuer_differs", url, what: "names another issuer" });
  if (typeof address === "string" && isFetchable(address)) return keysAt(address, "sig", read);
  return err({ code: "metadata_unreadable", url, what: "names no https address as its jwks_uri" });
}
function bundleKeys(url, read) {
  return keysAt(url, "jwt-svid", read);
}
async function keysAt(url, use, read) {
  const document = await read(url);
  if (!document.ok) return err({ ...document.error, code: "keys_unreadable" });
  const keys = readKeySet(document.value, use);
  if (!keys.ok) return err({ code: "keys_unreadable", url, what: keys.error });
  return ok({ ...keys.value, document: document.value });
}

// shared/spiffe-id.ts
var MAX_TRUST_DOMAIN_BYTES = 255;
var MAX_SPIFFE_ID_BYTES = 2048;
var SCHEME = "spiffe://";
var TRUST_DOMAIN = /^[a-z0-9._-]+$/;
var SEGMENT = /^[A-Za-z0-9._-]+$/;
var RESERVED_FIRST_SEGMENT = "spire";
function parseTrustDomain(text2) {
  if (text2 === "") return err("the trust domain is empty (SPIFFE-ID 2.1)");
  if (text2.length > MAX_TRUST_DOMAIN_BYTES)
    return err("the trust domain is longer than 255 bytes (SPIFFE-ID 2.3)");
  if (!TRUST_DOMAIN.test(text2)) {
    return err("a trust domain may hold only a-z, 0-9, '.', '-' and '_' (SPIFFE-ID 2.1)");
  }
  return ok(text2);
}
function segmentProblem(segment) {
  if (segment === "") return "a path segment is empty (SPIFFE-ID 2.2)";
  if (segment === "." || segment === "..") return "a path segment is '.' or '..' (SPIFFE-ID 2.2)";
  if (!SEGMENT.test(segment)) {
    return "a path segment may hold only letters, digits, '.', '-' and '_' (SPIFFE-ID 2.2)";
  }
  return void 0;
}
function parseSpiffeId(text2) {
  if (text2.length > MAX_SPIFFE_ID_BYTES)
    return err("the SPIFFE ID is longer than 2048 bytes (SPIFFE-ID 2.3)");
  if (!text2.startsWith(SCHEME)) return err("a SPIFFE ID starts with spiffe:// (SPIFFE-ID 2)");
  const [authority = "", ...segments] = text2.slice(SCHEME.length).split("/");
  const trustDomain = parseTrustDomain(authority);
  if (!trustDomain.ok) return trustDomain;
  const problem = pathProblem(segments);
  return problem === void 0 ? ok(text2) : err(problem);
}
function trustDomainOf(id) {
  return id.slice(SCHEME.length, id.indexOf("/", SCHEME.length));
}
function pathProblem(segments) {
  if (segments.length === 0) return "the SPIFFE ID of a workload needs a path";
  if (segments[0] === RESERVED_FIRST_SEGMENT) return "the path /spire is reserved by SPIRE";
  for (const segment of segments) {
    const problem = segmentProblem(segment);
    if (problem !== void 0) return problem;
  }
  return void 0;
}

// shared/gateway-denials.ts
var GATEWAY_DENIALS = {
  request_target_refused: {
    error: "invalid_request",
    status: 400,
    retryable: false,
    hint: "Send the path, which starts with a slash, and one Host."
  },
  caller_token_missing: {
    error: "invalid_request",
    status: 401,
    retryable: false,
    hint: "Send a JWT-SVID for the audience of the application as Authorization: Bearer."
  },
  caller_token_refused: {
    error: "invalid_token",
    status: 401,
    retryable: false,
    hint: "Ask the exchange for a fresh JWT-SVID for the audience of the application."
  },
  application_denied: {
    error: "insufficient_scope",
    status: 403,
    retryable: false,
    hint: "Compare the SPIFFE ID with the rules of the application: svid-exchange explain --application shows both."
  },
  assertion_refused: {
    error: "insufficient_scope",
    status: 403,
    retryable: false,
    hint: "Give the SVID the claim that the rule or the header of the application uses."
  },
  origin_not_bound: {
    error: "server_error",
    status: 500,
    retryable: true,
    hint: "Add the binding of the application's origin to wrangler.toml, and deploy."
  },
  origin_failed: {
    error: "temporarily_unavailable",
    status: 502,
    retryable: true,
    hint: "Look at the application itself: the gateway let the request through."
  },
  origin_timeout: {
    error: "temporarily_unavailable",
    status: 504,
    retryable: true,
    hint: "Look at the application itself: it may have carried the request out."
  }
};

// shared/denial.ts
var request = (hint) => ({
  error: "invalid_request",
  status: 400,
  retryable: false,
  hint
});
var target = (hint) => ({
  error: "invalid_target",
  status: 400,
  retryable: false,
  hint
});
var unavailable = (hint) => ({
  error: "temporarily_unavailable",
  status: 503,
  retryable: true,
  hint
});
var EXCHANGE_DENIALS = {
  // The HTTP request.
  not_found: {
    ...request("Exchange tokens with POST /token; the published documents are under /.well-known/."),
    status: 404
  },
  method_not_allowed: { ...request("Use a method that the Allow header names."), status: 405 },
  content_type_refused: request("Send application/x-www-form-urlencoded."),
  body_too_large: {
    ...request("Send the subject token and the few parameters of RFC 8693, nothing else."),
    status: 413
  },
  body_malformed: request("Send percent-encoded UTF-8, for example with curl --data-urlencode."),
  parameter_in_query: request("Move the parameters from the URL to the body: URLs end up in logs."),
  client_authentication_unsupported: {
    error: "invalid_client",
    status: 401,
    retryable: false,
    hint: "Send no client credentials: the subject token is the only proof that counts."
  },
  proof_of_possession_unsupported: request(
    "Leave out the DPoP header and the cnf claim: SVIDs are not key-bound here."
  ),
  // The parameters of RFC 8693 §2.1.
  parameter_missing: request("Add the parameter to the form."),
  parameter_duplicated: request("Send the parameter once."),
  parameter_invalid: request("Correct the value of the parameter."),
  grant_type_unsupported: {
    error: "unsupported_grant_type",
    status: 400,
    retryable: false,
    hint: "Use grant_type=urn:ietf:params:oauth:grant-type:token-exchange."
  },
  subject_token_type_unsupported: request(
    "Use subject_token_type=urn:ietf:params:oauth:token-type:id_token."
  ),
  requested_token_type_unsupported: request(
    "Leave out requested_token_type, or use urn:ietf:params:oauth:token-type:jwt."
  ),
  actor_token_unsupported: request("Leave out actor_token and actor_token_type."),
  scope_unsupported: {
    error: "invalid_scope",
    status: 400,
    retryable: false,
    hint: "Leave out scope: the policy decides what the SVID says."
  },
  // The audience of the SVID.
  audience_required: target("Name one audience that the policy allows."),
  audience_refused: target("Ask for an audience that the policy lists, or add it to the policy."),
  audience_multiple: target("Ask for one audience: an SVID has exactly one. Exchange again for the next."),
  // The subject token before its signature is checked.
  token_too_large: request("Send the ID token of the CI provider as it is."),
  token_malformed: request(
    "Send the ID token of the CI provider as it is: three base64url parts joined by dots."
  ),
  token_header_refused: request(
    "Send the ID token of the CI provider: it has only alg, kid, typ and x5t in its header."
  ),
  token_algorithm_refused: request(
    "Add the algorithm to the issuer's algorithms in the trust document, if its tokens are signed with it."
  ),
  issuer_not_allowed: request(
    "Add the exact issuer to allowedIssuers, or send the token of an issuer that is there."
  ),
  signing_key_unknown: request(
    "Ask for a fresh token; check that the issuer still publishes the key that signed it."
  ),
  issuer_keys_unavailable: unavailable("The issuer's keys could not be read. Try again shortly."),
  signature_invalid: request("Send the token as the provider issued it, unchanged."),
  // The subject token's registered claims.
  token_audience_mismatch: request("Request the ID token with this exchange's URL as its audience."),
  token_expired: request("Ask the provider for a fresh token right before the exchange."),
  token_not_yet_valid: request("Check the clock of whatever issued the token."),
  token_lifetime_exceeded: request("Use a shorter-lived token, or raise maxTokenAge for this issuer."),
  token_claim_missing: request("Send a CI job's ID token: the issuer's type requires this claim."),
  token_claim_invalid: request(
    "Send the ID token as the provider issued it: no token of this issuer should have such a claim."
  ),
  // Policy.
  guard_refused: request(
    "Name the claim that lifts the guard in the policy, if jobs of this event may have the identity."
  ),
  policy_unknown: request("Use the name of a policy of this issuer, or leave policy out."),
  policy_denied: request(
    "Compare the failed checks, if there are any, with the policy; the exchange's audit line of this request_id has the whole reason."
  ),
  ambiguous_policy: request(
    "Several policies match: name one with the policy parameter, or narrow their conditions."
  ),
  identity_refused: request(
    "Correct the policy's template: a value that it uses is missing, or cannot be part of a SPIFFE ID."
  ),
  // Replay and rates.
  token_replayed: request("Ask the provider for a fresh token for each exchange."),
  rate_limited: {
    error: "temporarily_unavailable",
    status: 429,
    retryable: true,
    hint: "Wait as Retry-After says."
  },
  // The service.
  not_configured: unavailable("Put a trust document in place: svid-exchange apply."),
  trust_document_unavailable: unavailable("The trust document could not be read. Try again shortly."),
  signing_keys_unavailable: unavailable("The signing keys could not be read. Try again shortly."),
  replay_guard_unavailable: unavailable("The replay guard did not answer. Try again shortly."),
  internal_error: {
    error: "server_error",
    status: 500,
    retryable: true,
    hint: "Report the request_id to whoever runs this exchange."
  }
};
var DENIALS = { ...EXCHANGE_DENIALS, ...GATEWAY_DENIALS };

// shared/wire.ts
var GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange";
var TOKEN_TYPE_JWT = "urn:ietf:params:oauth:token-type:jwt";
var TOKEN_TYPE_ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
var TRUST_DOMAIN_MEMBER = "spiffe_trust_domain";
function exchangeForm(request5) {
  const form = new URLSearchParams({
    grant_type: GRANT_TYPE,
    subject_token: request5.subjectToken,
    subject_token_type: TOKEN_TYPE_ID_TOKEN,
    requested_token_type: TOKEN_TYPE_JWT
  });
  if (request5.audience !== void 0) form.set("audience", request5.audience);
  if (request5.policy !== void 0) form.set("policy", request5.policy);
  if (request5.dryRun === true) form.set("dry_run", "true");
  return form;
}

// shared/verify/trust-domain.ts
async function publishedTrustDomain(issuer, read) {
  const url = `${issuer}/.well-known/oauth-authorization-server`;
  const metadata = await read(url);
  if (!metadata.ok) return err({ ...metadata.error, code: "metadata_unreadable" });
  const { issuer: named, [TRUST_DOMAIN_MEMBER]: text2 } = metadata.value;
  if (named !== issuer) return err({ code: "issuer_differs", url, what: "names another issuer" });
  const trustDomain = parseTrustDomain(typeof text2 === "string" ? text2 : "");
  if (trustDomain.ok) return ok(trustDomain.value);
  return err({ code: "metadata_unreadable", url, what: `names no trust domain as ${TRUST_DOMAIN_MEMBER}` });
}

// shared/workload-api/bundle-feed.ts
var REFRESH_SECONDS = {
  /** Where the bundle has no hint (SPIFFE Trust Domain and Bundle §6.1). */
  usual: 300,
  /** A hint of 0 must not become a stream of requests. */
  shortest: 10,
  /** A hint of a year must not hide a revocation. */
  longest: 3600
};
function followBundle(trustDomain, first, ports, signal) {
  let bundle = bundleOf(trustDomain, first);
  const waiting = /* @__PURE__ */ new Set();
  const follow = async () => {
    let { document } = first;
    while (!signal.aborted) {
      await ports.pause(refreshSeconds(document) * 1e3, signal);
      if (signal.aborted) return;
      const read = await ports.read();
      if (!read.ok) {
        ports.onFailure(read.error);
        continue;
      }
      document = read.value.document;
      const next = bundleOf(trustDomain, read.value);
      if (next.jwks === bundle.jwks) continue;
      bundle = next;
      ports.onChange(bundle);
      for (const wake of waiting) wake();
    }
  };
  void follow();
  return { current: () => bundle, changed: (over) => nextChange(waiting, over) };
}
function nextChange(waiting, over) {
  return new Promise((resolve3) => {
    const wake = () => {
      waiting.delete(wake);
      over.removeEventListener("abort", wake);
      resolve3();
    };
    waiting.add(wake);
    over.addEventListener("abort", wake);
    if (over.aborted) wake();
  });
}
function bundleOf(trustDomain, { keys }) {
  return { trustDomain, keys, jwks: JSON.stringify({ keys: [...keys.values()] }) };
}
function refreshSeconds(document) {
  const hint = document["spiffe_refresh_hint"];
  if (typeof hint !== "number" || !Number.isFinite(hint)) return REFRESH_SECONDS.usual;
  return Math.min(Math.max(hint, REFRESH_SECONDS.shortest), REFRESH_SECONDS.longest);
}

// shared/client/exchange-url.ts
function tokenEndpoint(exchange2) {
  return `${exchange2}/token`;
}

// shared/client/response.ts
var COMPACT_JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
var AUDIENCE = /^[\x21-\x7e]{1,600}$/;
var POLICY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
var CONFIG_VERSION = /^[0-9a-f]{1,64}$/;
var MAX_EXPIRES_IN = 3600;
var ERROR = /^[a-z][a-z0-9_]{0,63}$/;
var UNDESCRIBABLE = /[^\x20-\x21\x23-\x5b\x5d-\x7e]/g;
var MAX_DESCRIPTION = 1e3;
var REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;
var MAX_CHECKS = 100;
var MAX_CHECK_TEXT = 300;
function parseMinted(status2, body) {
  const members = isJsonObject(body) ? body : {};
  if (status2 !== 200) return err(failure(status2, members));
  const decided = decision(members);
  const svid = text(members, "access_token");
  const isSvid = svid.length <= MAX_TOKEN_BYTES && COMPACT_JWS.test(svid);
  if (decided === void 0 || !isSvid || members["dry_run"] === true) return notAnExchange(status2);
  const { seconds: expiresIn, ...rest } = decided;
  return ok({ svid, expiresIn, ...rest });
}
function decision(members) {
  const seconds = members["expires_in"];
  const [spiffeId, audience] = [text(members, "spiffe_id"), text(members, "audience")];
  const [policy, configVersion] = [text(members, "policy"), text(members, "config_version")];
  const isLifetime = Number.isSafeInteger(seconds) && Number(seconds) > 0 && Number(seconds) <= MAX_EXPIRES_IN;
  const isDecision = parseSpiffeId(spiffeId).ok && AUDIENCE.test(audience) && POLICY.test(policy) && CONFIG_VERSION.test(configVersion);
  return isLifetime && isDecision ? { seconds: Number(seconds), spiffeId, audience, policy, configVersion } : void 0;
}
function failure(status2, members) {
  const error = text(members, "error");
  if (!ERROR.test(error)) return { code: "not_an_exchange", status: status2 };
  const code = text(members, "code");
  const requestId = text(members, "request_id");
  const checks = members["checks"];
  return {
    code: "refused",
    refusal: {
      status: status2,
      error,
      description: describable(members) || `the exchange responded with status ${status2}`,
      ...isDenialCode(code) ? { code } : {},
      ...REQUEST_ID.test(requestId) ? { requestId } : {},
      checks: Array.isArray(checks) ? checks.slice(0, MAX_CHECKS).filter(isCheck) : []
    }
  };
}
function describable(members) {
  return text(members, "error_description").slice(0, MAX_DESCRIPTION).replace(UNDESCRIBABLE, "?");
}
function notAnExchange(status2) {
  return err({ code: "not_an_exchange", status: status2 });
}
function text(members, name) {
  const value = members[name];
  return typeof value === "string" ? value : "";
}
function isDenialCode(code) {
  return Object.hasOwn(DENIALS, code);
}
function isCheck(value) {
  if (!isJsonObject(value)) return false;
  const { policy, attribute, value: own, pass } = value;
  return isShort(policy) && isShort(attribute) && (own === null || isShort(own)) && typeof pass === "boolean";
}
function isShort(value) {
  return typeof value === "string" && value.length <= MAX_CHECK_TEXT;
}

// shared/client/token-request.ts
var MAX_RESPONSE_BYTES2 = 64 * 1024;
function tokenRequest(form, signal) {
  return {
    method: "POST",
    headers: {
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded"
    },
    body: form.toString(),
    redirect: "manual",
    signal
  };
}
async function processTokenResponse(response, parse2, nowMs) {
  const text2 = await readText(response, MAX_RESPONSE_BYTES2);
  if (response.status >= 300 && response.status < 400) return err(redirected(response));
  const parsed = parse2(response.status, parseJson(text2));
  if (parsed.ok) return parsed;
  return err({ failure: parsed.error, ...nextAttempt(response, nowMs) });
}
function redirected(response) {
  const location = response.headers.get("location") ?? "";
  const url = URL.canParse(location) ? new URL(location) : void 0;
  return {
    retryable: false,
    failure: {
      code: "redirected",
      status: response.status,
      ...url === void 0 ? {} : { location: `${url.origin}${url.pathname}` }
    }
  };
}

// shared/client/exchange.ts
function exchange(options2, ports) {
  return request2(options2, { dryRun: false, parse: parseMinted }, ports);
}
function rootFailure(failure2) {
  return failure2.code === "deadline_exceeded" ? failure2.last : failure2;
}
async function request2(options2, kind, ports) {
  const outcome = await withRetry((left) => attempt2(options2, kind, ports, left), options2.timeoutMs, ports);
  return outcome.ok ? outcome : err(withDeadline(outcome.error));
}
function withDeadline({
  failure: failure2,
  attempts,
  outOfTime
}) {
  return outOfTime ? { code: "deadline_exceeded", attempts, last: failure2 } : failure2;
}
async function attempt2(options2, kind, ports, leftMs2) {
  const deadlineMs = ports.nowMs() + leftMs2;
  const token = await options2.subjectToken(attemptSignal(leftMs2, ports));
  if (!token.ok) {
    const { failure: failure2, ...rest } = token.error;
    return err({ ...rest, failure: { code: "no_subject_token", failure: failure2 } });
  }
  const signal = attemptSignal(deadlineMs - ports.nowMs(), ports);
  const form = exchangeForm({ ...options2, subjectToken: token.value, dryRun: kind.dryRun });
  try {
    const url = tokenEndpoint(options2.exchangeUrl);
    const response = await ports.fetch(url, tokenRequest(form, signal));
    return await processTokenResponse(response, kind.parse, ports.nowMs());
  } catch (thrown) {
    const error = networkError(thrown, signal);
    return err({ retryable: mayRecover(error.cause), failure: { code: "unreachable", ...error } });
  }
}

// shared/workload-api/exchange-status.ts
function exchangeStatus(failure2, explainNoToken) {
  if (failure2.code === "svid_not_verified") {
    const { failure: cause } = failure2;
    return "url" in cause ? status("unavailable", describeUnread(cause).message) : status("internal", `The SVID ${cause.what} (${cause.code}).`);
  }
  const root = rootFailure(failure2);
  const message = words(root, explainNoToken);
  return isRefusal(root) && failure2.code !== "deadline_exceeded" ? status("permissionDenied", message) : status("unavailable", message);
}
function isRefusal({ code }) {
  return code === "refused" || code === "no_subject_token";
}
function words(failure2, explainNoToken) {
  switch (failure2.code) {
    case "refused":
      return refusalWords(failure2.refusal);
    case "no_subject_token":
      return explainNoToken(failure2.failure);
    case "not_an_exchange":
      return `The server at the URL of the exchange is not an exchange (status ${failure2.status}).`;
    case "redirected":
      return `The URL of the exchange redirects (status ${failure2.status}), and a token is sent to no other address.`;
    case "unreachable": {
      const { meaning } = networkAdvice(failure2.cause, { url: "the URL of the exchange" });
      return `The exchange could not be reached: ${meaning} (${failure2.errno ?? failure2.cause}).`;
    }
  }
}
function refusalWords({ code, error, description, requestId }) {
  const request5 = requestId === void 0 ? "" : ` request_id ${requestId}`;
  return `${description} [${code ?? error}]${request5}`;
}

// shared/workload-api/issued.ts
function issuedFrom(svids, trustDomain, explainNoToken, log2) {
  const logged = /* @__PURE__ */ new WeakSet();
  const logOnce = (subject, write) => {
    if (!logged.has(subject)) write();
    logged.add(subject);
  };
  return async (audience) => {
    const outcome = await svids(audience).get();
    if (!outcome.ok) {
      logOnce(outcome.error, () => log2.refused(audience, outcome.error));
      return err(exchangeStatus(outcome.error, explainNoToken));
    }
    const issued = judgeIssued(outcome.value, trustDomain);
    logOnce(
      outcome.value,
      () => issued.ok ? log2.issued(outcome.value) : log2.unusable(audience, issued.error)
    );
    return issued;
  };
}
function judgeIssued({ svid, spiffeId }, trustDomain) {
  const id = parseSpiffeId(spiffeId);
  if (!id.ok) {
    return err(status("internal", `The exchange issued an SVID whose SPIFFE ID is malformed: ${id.error}.`));
  }
  const ofSvid = trustDomainOf(id.value);
  if (ofSvid === trustDomain) return ok({ svid, spiffeId: id.value });
  return err(
    status("internal", `The exchange issued an SVID of ${ofSvid}, and the bundle here is of ${trustDomain}.`)
  );
}

// shared/group-by.ts
function addToGroup(groups, key, item) {
  const group = groups.get(key);
  if (group === void 0) groups.set(key, [item]);
  else group.push(item);
}

// shared/grpc/protobuf-reader.ts
var VARINT = 0;
var FIXED64 = 1;
var LENGTH_DELIMITED = 2;
var FIXED32 = 5;
var MAX_FIELD_NUMBER = 2 ** 29 - 1;
var MAX_VARINT_BYTES = 10;
function readLengthDelimited(bytes) {
  const fields = /* @__PURE__ */ new Map();
  let at = 0;
  while (at < bytes.length) {
    const tag = readVarint(bytes, at);
    if (!tag.ok) return tag;
    const number = Math.floor(tag.value.value / 8);
    if (number < 1 || number > MAX_FIELD_NUMBER) return err("has a field number that is out of range");
    const extent = extentOf(tag.value.value % 8, bytes, tag.value.end);
    if (!extent.ok) return extent;
    const { from, end, isDelimited } = extent.value;
    if (end > bytes.length) return err("ends inside of a field");
    if (isDelimited) addToGroup(fields, number, bytes.subarray(from, end));
    at = end;
  }
  return ok(fields);
}
function readText2(fields, number) {
  const texts = readTexts(fields, number);
  return texts.ok ? ok(texts.value.at(-1) ?? "") : texts;
}
function readTexts(fields, number) {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    return ok((fields.get(number) ?? []).map((bytes) => decoder.decode(bytes)));
  } catch {
    return err("has a text that is not UTF-8");
  }
}
function extentOf(wireType, bytes, from) {
  switch (wireType) {
    case VARINT: {
      const skipped = readVarint(bytes, from);
      return skipped.ok ? ok({ from, end: skipped.value.end, isDelimited: false }) : skipped;
    }
    case FIXED64:
      return ok({ from, end: from + 8, isDelimited: false });
    case FIXED32:
      return ok({ from, end: from + 4, isDelimited: false });
    case LENGTH_DELIMITED: {
      const length = readVarint(bytes, from);
      if (!length.ok) return length;
      return ok({
        from: length.value.end,
        end: length.value.end + length.value.value,
        isDelimited: true
      });
    }
    default:
      return err("has a field of a wire type that proto3 does not have");
  }
}
function readVarint(bytes, from) {
  let value = 0;
  for (let count = 0; count < MAX_VARINT_BYTES; count += 1) {
    const byte = bytes[from + count];
    if (byte === void 0) return err("ends inside of a number");
    value += (byte & 127) * 2 ** (7 * count);
    if (byte < 128) return ok({ value, end: from + count + 1 });
  }
  return err("has a number of more than ten bytes");
}

// shared/grpc/health.ts
var HEALTH_CHECK = "/grpc.health.v1.Health/Check";
var SERVING = Uint8Array.of(8, 1);
function healthCheck(service) {
  return async (request5, call) => {
    const fields = readLengthDelimited(request5);
    const asked = fields.ok ? readText2(fields.value, 1) : fields;
    if (!asked.ok) return status("internal", `The message ${asked.error}.`);
    if (asked.value !== "" && asked.value !== service) return status("notFound", "unknown service");
    await call.send(SERVING);
    return OK;
  };
}

// shared/jws-algorithms.ts
var pkcs1 = (bits) => ({
  kty: "RSA",
  keyParams: { name: "RSASSA-PKCS1-v1_5", hash: `SHA-${bits}` },
  signatureParams: { name: "RSASSA-PKCS1-v1_5" },
  forJwtSvid: true
});
var pss = (bits) => ({
  kty: "RSA",
  keyParams: { name: "RSA-PSS", hash: `SHA-${bits}` },
  signatureParams: { name: "RSA-PSS", saltLength: bits / 8 },
  forJwtSvid: true
});
var ecdsa = (bits, crv) => ({
  kty: "EC",
  crv,
  keyParams: { name: "ECDSA", namedCurve: crv },
  signatureParams: { name: "ECDSA", hash: `SHA-${bits}` },
  forJwtSvid: true
});
var ed25519 = {
  kty: "OKP",
  crv: "Ed25519",
  keyParams: { name: "Ed25519" },
  signatureParams: { name: "Ed25519" },
  forJwtSvid: false
};
var JWS_ALGORITHMS = {
  RS256: pkcs1(256),
  RS384: pkcs1(384),
  RS512: pkcs1(512),
  PS256: pss(256),
  PS384: pss(384),
  PS512: pss(512),
  ES256: ecdsa(256, "P-256"),
  ES384: ecdsa(384, "P-384"),
  ES512: ecdsa(512, "P-521"),
  EdDSA: ed25519,
  Ed25519: ed25519
};
var NAMES = Object.keys(JWS_ALGORITHMS);
var JWT_SVID_ALGORITHMS = NAMES.filter((name) => JWS_ALGORITHMS[name].forJwtSvid);

// shared/jwk/key-algorithm.ts
function fitsAlgorithm({ alg, kty, crv }, name) {
  const row = JWS_ALGORITHMS[name];
  const isOfKind = row.kty === kty && ("crv" in row ? row.crv : void 0) === crv;
  return isOfKind && (alg === void 0 || alg === name);
}
async function importKey(key, algorithm) {
  const { kid: _kid, alg: _alg, ...material } = key;
  try {
    return await crypto.subtle.importKey("jwk", material, JWS_ALGORITHMS[algorithm].keyParams, false, [
      "verify"
    ]);
  } catch {
    return void 0;
  }
}

// shared/jwk/verify-signature.ts
async function verifySignature(algorithm, key, { signature, signingInput }) {
  try {
    return await crypto.subtle.verify(
      JWS_ALGORITHMS[algorithm].signatureParams,
      key,
      signature,
      signingInput
    );
  } catch {
    return false;
  }
}

// shared/strict/compact-jws.ts
var ascii2 = new TextEncoder();
function readCompactJws(token) {
  if (token.length > MAX_TOKEN_BYTES) {
    return err({ kind: "too-large", what: `is longer than ${MAX_TOKEN_BYTES} bytes` });
  }
  const dots = twoDots(token);
  if (dots === void 0) return malformed("does not have three parts");
  const [first, second] = dots;
  if (first > MAX_TOKEN_HEADER_BYTES) return malformed("has too large a header");
  const header = readPart(token.slice(0, first), "header");
  if (!header.ok) return header;
  const claims = readPart(token.slice(first + 1, second), "claims set");
  if (!claims.ok) return claims;
  const signature = decodeBase64url(token.slice(second + 1));
  if (signature === void 0) return malformed("has a signature that is not base64url");
  const signingInput = ascii2.encode(token.slice(0, second));
  return ok({ header: header.value, claims: claims.value, signingInput, signature });
}
function twoDots(token) {
  const first = token.indexOf(".");
  const second = token.indexOf(".", first + 1);
  const shaped = first > 0 && second > first + 1 && second < token.length - 1;
  return shaped && token.indexOf(".", second + 1) === -1 ? [first, second] : void 0;
}
function readPart(text2, part) {
  const bytes = decodeBase64url(text2);
  if (bytes === void 0) return malformed(`has a ${part} that is not base64url`);
  const parsed = parseStrictObject(bytes, MAX_TOKEN_MEMBERS);
  return parsed.ok ? parsed : malformed(`has a ${part} that ${parsed.error}`);
}
function malformed(what) {
  return err({ kind: "malformed", what });
}

// shared/verify/refusal.ts
function refuse2(code, what) {
  return { code, what };
}

// shared/verify/claims.ts
var MAX_ISSUED_AHEAD_SECONDS = 60;
var MAX_DATE = 253402300799;
function judgeSvidClaims(claims, expected, now) {
  const issuer = judgeIssuer(claims, expected.issuer);
  if (!issuer.ok) return issuer;
  const spiffeId = judgeSubject(claims, expected.trustDomain);
  if (!spiffeId.ok) return spiffeId;
  const audiences = judgeAudience(claims, expected.audiences);
  if (!audiences.ok) return audiences;
  const dates = judgeDates(claims, expected.leewaySeconds ?? 0, now);
  if (!dates.ok) return dates;
  return ok({ spiffeId: spiffeId.value, audiences: audiences.value, ...dates.value, ...issuer.value });
}
function judgeIssuer(claims, expected) {
  const issuer = ownMember(claims, "iss");
  if (issuer !== void 0 && typeof issuer !== "string")
    return wrong("claim_iss", "has an iss that is not text");
  if (expected !== void 0 && issuer !== expected) {
    return wrong("claim_iss", issuer === void 0 ? "has no iss" : "is of another issuer");
  }
  return ok(issuer === void 0 ? {} : { issuer });
}
function judgeSubject(claims, trustDomain) {
  const subject = ownMember(claims, "sub");
  if (subject === void 0 || subject === "") return wrong("claim_sub", "has no sub");
  if (typeof subject !== "string") return wrong("claim_sub", "has a sub that is not text");
  const id = parseSpiffeId(subject);
  if (!id.ok) return wrong("not_a_spiffe_id", `has a sub that is not a SPIFFE ID of a workload: ${id.error}`);
  if (trustDomain !== void 0 && trustDomainOf(id.value) !== trustDomain) {
    return wrong("trust_domain_differs", "is of another trust domain");
  }
  return id;
}
function judgeAudience(claims, expected) {
  const audience = ownMember(claims, "aud");
  const listed = typeof audience === "string" ? [audience] : audience;
  if (listed === void 0) return wrong("claim_aud", "has no aud");
  if (!isTexts(listed)) return wrong("claim_aud", "has an aud that is not text, nor a list of texts");
  if (listed.length === 0) return wrong("claim_aud", "has no aud");
  if (expected === "any" || listed.some((entry) => expected.includes(entry))) return ok(listed);
  return wrong("claim_aud", "is for another audience");
}
function judgeDates(claims, leeway, now) {
  const [exp, nbf, iat] = [ownMember(claims, "exp"), ownMember(claims, "nbf"), ownMember(claims, "iat")];
  if (exp === void 0) return wrong("claim_exp", "has no exp");
  if (!isDate(exp)) return wrong("claim_exp", "has an exp that is not a date");
  if (now >= exp + leeway) return wrong("expired", "has expired");
  if (nbf !== void 0 && !isDate(nbf)) return wrong("claim_nbf", "has an nbf that is not a date");
  if (nbf !== void 0 && now < nbf - leeway) return wrong("claim_nbf", "is not valid yet");
  if (iat === void 0) return ok({ expiresAt: exp });
  if (!isDate(iat)) return wrong("claim_iat", "has an iat that is not a date");
  if (now < iat - Math.max(leeway, MAX_ISSUED_AHEAD_SECONDS)) {
    return wrong("claim_iat", "has an iat that is in the future");
  }
  return ok({ expiresAt: exp, issuedAt: iat });
}
function isDate(value) {
  return typeof value === "number" && value >= 0 && value <= MAX_DATE;
}
function isTexts(value) {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}
function wrong(code, what) {
  return err(refuse2(code, what));
}

// shared/verify/header.ts
var PARAMETERS = /* @__PURE__ */ new Set(["alg", "kid", "typ"]);
var TYPES = /* @__PURE__ */ new Set([void 0, "JWT", "JOSE"]);
function judgeSvidHeader(header) {
  if (!Object.keys(header).every((name) => PARAMETERS.has(name))) {
    return err(refuse2("header_refused", "has a header parameter other than alg, kid and typ"));
  }
  const algorithm = JWT_SVID_ALGORITHMS.find((name) => name === header["alg"]);
  if (algorithm === void 0) {
    return err(refuse2("algorithm_refused", `is not signed with one of ${JWT_SVID_ALGORITHMS.join(", ")}`));
  }
  if (!TYPES.has(header["typ"])) return err(refuse2("header_refused", "has a typ that is not JWT or JOSE"));
  const { kid } = header;
  if (typeof kid !== "string" || kid === "") {
    return err(refuse2("header_refused", "has no kid, or a kid that is not text"));
  }
  return ok({ algorithm, kid });
}

// shared/verify/svid.ts
async function judgeSvid(token, expected, now) {
  const read = readCompactJws(token);
  if (!read.ok) return err(refuse2("malformed", read.error.what));
  const { header, claims } = read.value;
  const judged = judgeSvidHeader(header);
  if (!judged.ok) return judged;
  const key = await keyFor(judged.value, expected.keys);
  if (!key.ok) return key;
  if (!await verifySignature(judged.value.algorithm, key.value, read.value)) {
    return err(refuse2("signature_invalid", "has a signature that does not fit the key of its kid"));
  }
  const registered = judgeSvidClaims(claims, expected, now);
  if (!registered.ok) return registered;
  return ok({ ...registered.value, ...judged.value, claims });
}
async function keyFor({ kid, algorithm }, keys) {
  const key = keys.get(kid);
  if (key === void 0) return err(refuse2("key_not_published", "names a key that is not published"));
  if (!fitsAlgorithm(key, algorithm))
    return err(refuse2("key_unfit", "names a key that is for another algorithm"));
  const imported = await importKey(key, algorithm);
  return imported === void 0 ? err(refuse2("key_unfit", "names a key that cannot be used here")) : ok(imported);
}

// shared/grpc/protobuf-writer.ts
function bytesField(number, bytes) {
  return concatBytes([varint(number * 8 + 2), varint(bytes.length), bytes]);
}
function textField(number, text2) {
  return text2 === "" ? new Uint8Array() : bytesField(number, new TextEncoder().encode(text2));
}
function struct(object) {
  const entries = Object.entries(object).map(
    ([name, value]) => bytesField(1, concatBytes([textField(1, name), bytesField(2, structValue(value))]))
  );
  return concatBytes(entries);
}
function structValue(value) {
  if (value === null) return varintField(1, 0);
  if (typeof value === "number") return doubleField(2, value);
  if (typeof value === "string") return bytesField(3, new TextEncoder().encode(value));
  if (typeof value === "boolean") return varintField(4, value ? 1 : 0);
  if (isList(value)) {
    return bytesField(6, concatBytes(value.map((entry) => bytesField(1, structValue(entry)))));
  }
  return bytesField(5, struct(value));
}
function isList(value) {
  return Array.isArray(value);
}
function varintField(number, value) {
  return concatBytes([varint(number * 8), varint(value)]);
}
function doubleField(number, value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return concatBytes([varint(number * 8 + 1), bytes]);
}
function varint(value) {
  const bytes = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push(rest % 128 + 128);
  return Uint8Array.from([...bytes, rest]);
}

// shared/workload-api/messages.ts
function readJwtSvidRequest(bytes) {
  const fields = readLengthDelimited(bytes);
  if (!fields.ok) return fields;
  const audience = readTexts(fields.value, 1);
  if (!audience.ok) return audience;
  const spiffeId = readText2(fields.value, 2);
  return spiffeId.ok ? ok({ audience: audience.value, spiffeId: spiffeId.value }) : spiffeId;
}
function readValidateJwtSvidRequest(bytes) {
  const fields = readLengthDelimited(bytes);
  if (!fields.ok) return fields;
  const audience = readText2(fields.value, 1);
  if (!audience.ok) return audience;
  const svid = readText2(fields.value, 2);
  return svid.ok ? ok({ audience: audience.value, svid: svid.value }) : svid;
}
function writeJwtSvidResponse(svids) {
  return concatBytes(
    svids.map(
      ({ spiffeId, svid }) => bytesField(1, concatBytes([textField(1, spiffeId), textField(2, svid)]))
    )
  );
}
function writeJwtBundlesResponse(bundles) {
  return concatBytes(
    [...bundles].map(
      ([trustDomain, jwks]) => bytesField(
        1,
        concatBytes([textField(1, `spiffe://${trustDomain}`), bytesField(2, new TextEncoder().encode(jwks))])
      )
    )
  );
}
function writeValidateJwtSvidResponse(spiffeId, claims) {
  return concatBytes([textField(1, spiffeId), bytesField(2, struct(claims))]);
}

// shared/workload-api/service.ts
var MAX_REQUEST_BYTES = 64 * 1024;
var NO_X509 = "no X.509-SVID: svid-exchange issues JWT-SVIDs only, so the X.509 profile of the Workload API is turned off";
function workloadService(ports) {
  const methods = /* @__PURE__ */ new Map([
    ["FetchJWTSVID", (request5, call) => fetchJwtSvid(request5, call, ports)],
    ["FetchJWTBundles", (_, call) => fetchJwtBundles(call, ports)],
    ["ValidateJWTSVID", (request5, call) => validateJwtSvid(request5, call, ports)],
    ["FetchX509SVID", async () => status("permissionDenied", NO_X509)],
    ["FetchX509Bundles", async () => status("permissionDenied", NO_X509)]
  ]);
  return {
    methodOf: (path3, headers) => methodOf(path3, headers, methods),
    maxRequestBytes: MAX_REQUEST_BYTES,
    pause: ports.pause,
    onBug: ports.onBug
  };
}
var SERVICE = "SpiffeWorkloadAPI";
function methodOf(path3, headers, methods) {
  if (path3 === HEALTH_CHECK) return ok(healthCheck(SERVICE));
  const [, service, method = ""] = /^\/([^/]+)\/(.+)$/.exec(path3) ?? [];
  if (service !== SERVICE) return err(status("unimplemented", "unknown service"));
  if (headers["workload.spiffe.io"] !== "true") {
    return err(status("invalidArgument", "security header missing from request: workload.spiffe.io: true"));
  }
  const known = methods.get(method);
  return known === void 0 ? err(status("unimplemented", "svid-exchange does not have this method of the Workload API")) : ok(known);
}
async function fetchJwtSvid(request5, call, ports) {
  const read = readJwtSvidRequest(request5);
  if (!read.ok) return malformed2(read.error);
  const { audience: audiences, spiffeId } = read.value;
  const [audience, ...others] = new Set(audiences);
  if (audience === void 0 || audience === "")
    return status("invalidArgument", "audience must be specified");
  if (others.length > 0) {
    return status("invalidArgument", "an SVID of svid-exchange has one audience: fetch one SVID for each");
  }
  const wanted = spiffeId === "" ? void 0 : parseSpiffeId(spiffeId);
  if (wanted?.ok === false) return status("invalidArgument", `invalid requested SPIFFE ID: ${wanted.error}`);
  const issued = await ports.svidFor(audience);
  if (!issued.ok) return issued.error;
  if (wanted !== void 0 && wanted.value !== issued.value.spiffeId) {
    return status("permissionDenied", `no identity issued: this job is ${issued.value.spiffeId}`);
  }
  await call.send(writeJwtSvidResponse([issued.value]));
  return OK;
}
async function fetchJwtBundles(call, { bundle }) {
  let sent;
  while (!call.signal.aborted) {
    const { trustDomain, jwks } = bundle.current();
    if (jwks !== sent) await call.send(writeJwtBundlesResponse(/* @__PURE__ */ new Map([[trustDomain, jwks]])));
    sent = jwks;
    if (bundle.current().jwks === sent) await bundle.changed(call.signal);
  }
  return OK;
}
async function validateJwtSvid(request5, call, { bundle, nowMs }) {
  const read = readValidateJwtSvidRequest(request5);
  if (!read.ok) return malformed2(read.error);
  const { audience, svid } = read.value;
  if (audience === "") return status("invalidArgument", "audience must be specified");
  if (svid === "") return status("invalidArgument", "svid must be specified");
  const { keys, trustDomain } = bundle.current();
  const judged = await judgeSvid(svid, { keys, trustDomain, audiences: [audience] }, nowMs() / 1e3);
  if (!judged.ok) return status("invalidArgument", `the SVID ${judged.error.what} (${judged.error.code})`);
  const { spiffeId, claims, audiences } = judged.value;
  await call.send(writeValidateJwtSvidResponse(spiffeId, { ...claims, aud: audiences }));
  return OK;
}
function malformed2(problem) {
  return status("internal", `The message ${problem}.`);
}

// shared/workload-api/open.ts
async function openWorkloadApi(options2, { svids, explainNoToken }, ports, log2) {
  const ended = new AbortController();
  const bundle = await openBundle(options2, ports, log2, ended.signal);
  if (!bundle.ok) return err({ code: "unpublished", failure: bundle.error });
  const service = workloadService({
    svidFor: issuedFrom(svids, bundle.value.current().trustDomain, explainNoToken, log2),
    bundle: bundle.value,
    nowMs: ports.nowMs,
    pause: ports.pause,
    onBug: log2.bug
  });
  const server = await startServer(options2.place, service, ports);
  if (!server.ok) {
    ended.abort();
    return err({ code: "not_listening", errno: server.error });
  }
  const close = () => {
    ended.abort();
    return server.value.close();
  };
  return ok({ endpoint: endpointOf(options2.place, server.value), close });
}
var REFRESH_TIMEOUT_MS = 1e4;
async function openBundle({ issuer, trustDomain, timeoutMs }, ports, log2, ended) {
  const read = readWithRetry(timeoutMs, ports);
  const known = trustDomain === void 0 ? await publishedTrustDomain(issuer, read) : ok(trustDomain);
  if (!known.ok) return known;
  const url = `${issuer}/.well-known/spiffe-bundle.json`;
  const first = await bundleKeys(url, read);
  if (!first.ok) return first;
  const again = {
    read: () => bundleKeys(url, readOnce(REFRESH_TIMEOUT_MS, ports)),
    pause: ports.pause,
    onFailure: log2.bundleUnread,
    onChange: log2.bundleChanged
  };
  return ok(followBundle(known.value, first.value, again, ended));
}
function endpointOf(place, { port }) {
  return "path" in place ? `unix://${place.path}` : `tcp://${place.host}:${port}`;
}

// action/explain-id-token-failure.ts
function explainIdToken(failure2, job) {
  switch (failure2.code) {
    case "id_token_not_offered":
      return notOffered(job);
    case "id_token_refused":
      return refused(failure2.status);
    case "id_token_unreachable":
      return unreachable(failure2);
    case "id_token_malformed":
      return {
        code: failure2.code,
        title: "The runner's token service answered without an ID token",
        text: ["Its answer has status 200, and holds no token. Report this to whoever runs the CI server."]
      };
  }
}
function notOffered({ restriction, platform }) {
  if (restriction === "fork") return FORK;
  if (restriction === "dependabot") return DEPENDABOT;
  return platform === "forgejo" ? FORGEJO : PERMISSION;
}
var FORK = {
  code: "id_token_fork",
  title: "A pull request from a fork gets no ID token",
  text: [
    "The code of a fork is not the code of this repository, so the runner gives it no identity, whatever permissions says.",
    "Skip this job for forks, or use the SVID in a job that runs after the merge. Do not switch to pull_request_target: it would give the identity to code that nobody has reviewed."
  ],
  yaml: ["if: github.event.pull_request.head.repo.full_name == github.repository"]
};
var DEPENDABOT = {
  code: "id_token_dependabot",
  title: "This run was started by Dependabot and gets no ID token",
  text: [
    "A run that Dependabot starts has the rights of a pull request from a fork.",
    "Skip this job for Dependabot, or use the SVID in a job that runs after the merge."
  ],
  yaml: ["if: github.actor != 'dependabot[bot]'"]
};
var PERMISSION = {
  code: "id_token_not_offered",
  title: "This job may not request an ID token: id-token: write is missing",
  text: [
    "Add it to the job or to the whole workflow. A workflow that names one permission sets all others to none, so name what else the job needs.",
    "If the job is in a reusable workflow, its caller needs the permission as well: a called workflow cannot have more permissions than its caller."
  ],
  yaml: [
    "permissions:",
    "  contents: read",
    "  id-token: write",
    "",
    "# and where the job is in a reusable workflow, in the caller:",
    "jobs:",
    "  deploy:",
    "    permissions:",
    "      contents: read",
    "      id-token: write",
    "    uses: ./.github/workflows/deploy.yml"
  ]
};
var FORGEJO = {
  code: "id_token_not_offered",
  title: "This job may not request an ID token: enable-openid-connect is missing",
  text: ["Set it on the job or on the whole workflow. Pull requests from forks get no token in any case."],
  yaml: ["jobs:", "  deploy:", "    enable-openid-connect: true"]
};
function refused(status2) {
  const isTrouble = status2 >= 500 || status2 === 429;
  return {
    code: "id_token_refused",
    title: `The runner's token service answered with status ${status2}`,
    text: [
      isTrouble ? "The service is in trouble or busy. Run the job again, and look at the status page of your CI provider." : "A job may ask for ID tokens for about six hours, and that time may be over. Get the SVID earlier in the job, or split the job."
    ]
  };
}
function unreachable({ cause, errno }) {
  const { meaning, advice } = networkAdvice(cause, { url: ID_TOKEN_PROTOCOLS.github.urlVariable });
  return {
    code: "id_token_unreachable",
    title: `The runner's token service could not be reached (${errno ?? cause})`,
    text: [
      `The token service could not be reached: ${meaning}. ${advice}`,
      "A self-hosted runner must be able to connect to the token service of its CI server, directly or through the proxy that https_proxy names. On a hosted runner, run the job again."
    ]
  };
}

// action/svid-file.ts
var import_node_crypto = require("node:crypto");
var fs = __toESM(require("node:fs"), 1);
var path = __toESM(require("node:path"), 1);
var filePorts = { fs, path, randomName: import_node_crypto.randomUUID };

// action/background/lifetime.ts
var import_node_events = require("node:events");
var net = __toESM(require("node:net"), 1);

// action/background/owner.ts
var import_node_fs = require("node:fs");
function isAlive({ pid, startedAt }) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  return startedAt === void 0 || startOf(pid) === startedAt;
}
function startOf(pid) {
  try {
    const stat = (0, import_node_fs.readFileSync)(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return void 0;
  }
}

// action/background/place.ts
var fs2 = __toESM(require("node:fs"), 1);
var path2 = __toESM(require("node:path"), 1);
var folderPorts = { fs: fs2, path: path2, platform: process.platform };
var API_SOCKET = path2.join("workload-api", "api.sock");
function controlAddressIn(folder) {
  return process.platform === "win32" ? `\\\\.\\pipe\\${path2.basename(folder)}` : path2.join(folder, "control.sock");
}

// action/background/lifetime.ts
var JOB_ENDED = "the job has ended";
var LONGEST_LIFE_MS = 24 * 36e5;
var LOOK_FOR_OWNER_MS = 5e3;
async function watchLifetime({ folder, owner }) {
  const { promise: end, resolve: resolve3 } = Promise.withResolvers();
  const control = net.createServer(() => resolve3(JOB_ENDED)).listen(controlAddressIn(folder));
  await (0, import_node_events.once)(control, "listening");
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) {
    process.once(signal, () => resolve3(`${signal} came`));
  }
  setTimeout(() => resolve3("a day is over"), LONGEST_LIFE_MS);
  if (owner !== void 0) {
    setInterval(() => {
      if (!isAlive(owner)) resolve3("the runner of the job is gone");
    }, LOOK_FOR_OWNER_MS);
  }
  const stepEnded = () => resolve3("the step was cancelled");
  process.once("disconnect", stepEnded);
  return { end, outliveStep: () => process.off("disconnect", stepEnded) };
}

// shared/printable.ts
var UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
var COMMAND = /##(?=\[|vso\[|teamcity\[)|^\s*::/giu;
function printable(text2) {
  return text2.replace(UNPRINTABLE, escaped).replace(COMMAND, (command) => {
    const last = command.length - 1;
    return command.slice(0, last) + escaped(command.charAt(last));
  });
}
function escaped(character) {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

// shared/duration.ts
var UNITS2 = { d: 86400, h: 3600, m: 60, s: 1 };
function durationParts(seconds) {
  let rest = seconds;
  return Object.entries(UNITS2).flatMap(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count > 0 ? [`${count}${unit}`] : [];
  });
}

// shared/time.ts
function formatInstant(seconds) {
  return `${new Date(seconds * 1e3).toISOString().slice(0, 19)}Z`;
}
function formatSpan(seconds) {
  return durationParts(Math.max(0, Math.round(seconds))).slice(0, 2).join(" ") || "0s";
}

// action/background-failure.ts
var CODES = {
  exchange_keys_unread: true,
  address_unusable: true,
  background_not_ready: true
};
function isBackgroundFailure(failure2) {
  return Object.hasOwn(CODES, failure2.code);
}

// action/explain-background-failure.ts
function explainBackground(failure2, { inputs }) {
  switch (failure2.code) {
    case "exchange_keys_unread":
      return {
        code: failure2.code,
        title: "The keys of the exchange could not be read, and the Workload API needs them",
        text: [failure2.message, failure2.advice, `The exchange is ${inputs?.exchangeUrl}.`]
      };
    case "address_unusable":
      return {
        code: failure2.code,
        title: `The Workload API cannot listen at ${failure2.address} (${failure2.errno})`,
        text: [failure2.errno === "EADDRINUSE" ? IN_USE : UNWRITABLE]
      };
    case "background_not_ready":
      return {
        code: failure2.code,
        title: "The background process of this step is not ready",
        text: [`It is not ready because ${failure2.how}. Its log:`, ...logOrNothing(failure2.log)]
      };
  }
}
var IN_USE = "Another server listens there, or one that was killed left its socket. Choose another path for the input socket, or leave the input out.";
var UNWRITABLE = "Choose a path for the input socket in a folder that the job may write to, or leave the input out.";
function logOrNothing(log2) {
  return log2.length === 0 ? ["(it is empty)"] : log2;
}

// action/explain-exchange-failure.ts
function explainExchange(failure2, facts) {
  switch (failure2.code) {
    case "refused":
      return refused2(failure2.refusal, facts);
    case "not_an_exchange":
      return notAnExchange2(failure2.status, facts);
    case "redirected":
      return redirected2(failure2.location, facts);
    case "unreachable":
      return unreachable2(failure2, facts);
  }
}
function refused2(refusal, facts) {
  const { code = "unknown_code", description, requestId } = refusal;
  return {
    code,
    title: `The exchange refused: ${code}`,
    text: [
      description,
      ...OWN_FACTS[code]?.(facts) ?? [],
      ...requestId === void 0 ? [] : [`Request: ${requestId}`]
    ]
  };
}
var OWN_FACTS = {
  token_audience_mismatch: ({ inputs, claims }) => [
    `The audience of the job's ID token is ${shown(claims?.["aud"] ?? inputs?.tokenAudience)}. Leave the input token-audience out to use exchange-url, or set it to the audience that the exchange's trust document names for this issuer.`
  ],
  issuer_not_allowed: ({ claims }) => [`The issuer of the job's ID token is ${shown(claims?.["iss"])}.`],
  guard_refused: ({ job }) => [`The event of the job is ${shown(job.event)}.`],
  policy_unknown: ({ inputs }) => [`The input policy is ${shown(inputs?.policy)}.`],
  audience_refused: ({ inputs }) => [`The input audience is ${shown(inputs?.audience)}.`],
  audience_required: () => ["Set the input audience."],
  ambiguous_policy: () => ["Set the input policy."],
  not_found: (facts) => [
    `The request went to ${tokenUrl(facts)}. Set the input exchange-url to the exchange's issuer, without /token.`
  ],
  unknown_code: () => ["This version of the action does not know the code. Use a newer version."]
};
function shown(value) {
  return value === void 0 || value === "" ? "not known" : JSON.stringify(value);
}
function tokenUrl({ inputs }) {
  return `${inputs?.exchangeUrl}/token`;
}
function notAnExchange2(status2, facts) {
  return {
    code: "not_an_exchange",
    title: `The server at exchange-url is not an exchange (status ${status2})`,
    text: [
      `The request went to ${tokenUrl(facts)}. Set exchange-url to the issuer of your exchange, which its /.well-known/openid-configuration names.`
    ]
  };
}
function redirected2(location, facts) {
  return {
    code: "exchange_redirected",
    title: "The server at exchange-url redirects, and a token is never sent to another address",
    text: [
      `${tokenUrl(facts)} redirects to ${location ?? "another place"}. Set exchange-url to the issuer of your exchange. If a login page protects the exchange, exempt /token from it.`
    ]
  };
}
function unreachable2({ cause, errno }, facts) {
  const { meaning, advice } = networkAdvice(cause, { url: "exchange-url", timeout: "the input timeout" });
  return {
    code: "exchange_unreachable",
    title: `The exchange could not be reached (${cause}${errno === void 0 ? "" : `, ${errno}`})`,
    text: [`${tokenUrl(facts)} could not be reached: ${meaning}. ${advice}`]
  };
}

// action/explain.ts
function explain(failure2, facts) {
  if (failure2.code === "input_invalid") return onOwnPage(inputAdvice(failure2.problems));
  if (failure2.code === "svid_not_verified") return onOwnPage(verificationAdvice(failure2.failure, facts));
  if (isBackgroundFailure(failure2)) return onOwnPage(explainBackground(failure2, facts));
  if (failure2.code !== "deadline_exceeded") return explainAttempt(failure2, facts);
  const last = explainAttempt(failure2.last, facts);
  const attempts = failure2.attempts === 1 ? "one attempt" : `${failure2.attempts} attempts`;
  const seconds = (facts.inputs?.timeoutMs ?? 0) / 1e3;
  return {
    ...last,
    text: [...last.text, `The action ended after ${attempts} in ${seconds} s (input timeout).`]
  };
}
function explainAttempt(failure2, facts) {
  if (failure2.code === "no_subject_token") return onOwnPage(explainIdToken(failure2.failure, facts.job));
  const advice = explainExchange(failure2, facts);
  if (failure2.code !== "refused" || failure2.refusal.code === void 0) return onOwnPage(advice);
  return { ...advice, page: `reference/errors.md#${advice.code}`, checks: failure2.refusal.checks };
}
function onOwnPage(advice) {
  return { ...advice, page: `reference/action.md#${advice.code}`, checks: [] };
}
function inputAdvice(problems) {
  return {
    code: "input_invalid",
    title: "The inputs of this step cannot be used",
    text: problems.map(({ input, problem }) => `Input ${input} ${problem}.`)
  };
}
var NEXT = {
  issuer_differs: "Set exchange-url to the issuer that the discovery document names.",
  claim_iss: "Set exchange-url to the issuer of the exchange itself.",
  key_not_published: "Set exchange-url to the issuer of the exchange itself.",
  expired: "Check the clock of the runner.",
  claim_nbf: "Check the clock of the runner.",
  claim_iat: "Check the clock of the runner."
};
function verificationAdvice(failure2, { inputs }) {
  const what = "url" in failure2 ? describeUnread(failure2).message : `The SVID ${failure2.what}.`;
  const next = NEXT[failure2.code];
  return {
    code: "svid_not_verified",
    title: "The SVID could not be verified, so no step gets it",
    text: [
      `${what} (${failure2.code})`,
      ...next === void 0 ? [] : [next],
      `The exchange is ${inputs?.exchangeUrl}.`
    ]
  };
}

// action/explanation.ts
function failedChecks({ checks }) {
  return checks.filter(({ pass }) => !pass).map(failedCheck);
}
function failedCheck({ policy, attribute, value }) {
  return `- policy ${policy}: ${attribute} ${value === null ? "is absent" : `is ${JSON.stringify(value)}`}`;
}

// action/background/log.ts
function log(line) {
  console.log(printable(`${formatInstant(Math.floor(Date.now() / 1e3))} ${line}`));
}
function workloadLog(facts) {
  return {
    issued: ({ spiffeId, audience, expiresAtMs }) => log(`${spiffeId} for ${audience} until ${formatInstant(expiresAtMs / 1e3)}`),
    refused: (audience, failure2) => {
      const explanation = explain(failure2, facts);
      log(`No SVID for ${audience}. ${explanation.title}`);
      for (const line of [...explanation.text, ...failedChecks(explanation)]) log(`  ${line}`);
    },
    unusable: (audience, { message }) => log(`No SVID for ${audience}. ${message}`),
    bundleChanged: () => log("The keys of the trust domain have changed."),
    bundleUnread: (failure2) => log(
      `The keys of the trust domain stay, because they could not be read again. ${describeUnread(failure2).message}`
    ),
    bug: () => log("A bug in the action ended a call of the Workload API.")
  };
}

// shared/client/verify-minted.ts
async function verifyMinted({ svid, audience, spiffeId }, issuer, read, nowMs) {
  const published = await issuerKeys(issuer, read);
  if (!published.ok) return published;
  const { keys } = published.value;
  const judged = await judgeSvid(svid, { keys, issuer, audiences: [audience] }, nowMs() / 1e3);
  if (!judged.ok || judged.value.spiffeId === spiffeId) return judged;
  return err({ code: "svid_differs", what: "has another SPIFFE ID than the exchange said" });
}

// shared/client/get-svid.ts
var DOCUMENTS_TIMEOUT_MS = 1e4;
async function getSvid(options2, ports) {
  const { outcome, sentAtMs } = await withSendingTime((timed) => exchange(options2, timed), ports);
  if (!outcome.ok) return outcome;
  const exchanged = {
    ...outcome.value,
    sentAtMs,
    expiresAtMs: sentAtMs + outcome.value.expiresIn * 1e3
  };
  if (!options2.verify) return ok(exchanged);
  const read = readWithRetry(DOCUMENTS_TIMEOUT_MS, ports);
  const judged = await verifyMinted(exchanged, options2.exchangeUrl, read, ports.nowMs);
  return judged.ok ? ok(exchanged) : err({ code: "svid_not_verified", failure: judged.error });
}
async function withSendingTime(send, ports) {
  let sentAtMs = 0;
  const fetch = (address, request5) => {
    sentAtMs = ports.nowMs();
    return ports.fetch(address, request5);
  };
  const outcome = await send({ ...ports, fetch });
  return { outcome, sentAtMs };
}
function mayPass2({ code }) {
  return code === "deadline_exceeded";
}

// shared/renewal/times.ts
var SHORTEST_PAUSE_MS = 1e3;
var LONGEST_RETRY_MS = 3e4;
var EXPIRY_MARGIN_MS = 1e3;
function renewAtMs({ sentAtMs, expiresAtMs }, renewable) {
  const lifetimeMs = expiresAtMs - sentAtMs;
  const headMs = renewable ? lifetimeMs / 2 : Math.min(lifetimeMs / 10, LONGEST_RETRY_MS);
  return expiresAtMs - Math.max(headMs, EXPIRY_MARGIN_MS);
}
function leftMs({ expiresAtMs }, nowMs) {
  return expiresAtMs - EXPIRY_MARGIN_MS - nowMs;
}
function retryAfterMs(left) {
  return left > 0 ? Math.max(Math.min(left / 2, LONGEST_RETRY_MS), SHORTEST_PAUSE_MS) : LONGEST_RETRY_MS;
}
function refusedForMs(failures) {
  return Math.min(SHORTEST_PAUSE_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
}

// shared/renewal/kept-file.ts
function keepFileFresh(held, first, ports, signal) {
  let inFile = first;
  let newest = first;
  let superseded = new AbortController();
  const scheduleRemoval = () => {
    superseded.abort();
    superseded = new AbortController();
    removeInTime(inFile.expiresAtMs, ports, AbortSignal.any([signal, superseded.signal]));
  };
  const put = async (svid) => {
    const wasGone = leftMs(inFile, ports.nowMs()) <= 0;
    const replaced2 = ports.replace(svid.svid);
    if (replaced2.ok) {
      if (wasGone) ports.note(`The file has an SVID again, which expires at ${instant(svid.expiresAtMs)}.`);
      inFile = svid;
      return scheduleRemoval();
    }
    const left = leftMs(inFile, ports.nowMs());
    for (const line of failureLines(replaced2.error, left, false)) ports.note(line);
    await ports.pause(retryAfterMs(left), signal);
    if (!signal.aborted && svid === newest) await put(svid);
  };
  scheduleRemoval();
  return held.follow(
    {
      renewed: (svid) => {
        newest = svid;
        void put(svid);
      },
      failed: ({ failure: failure2, leftMs: left, isLast }) => {
        for (const line of failureLines(ports.explain(failure2), left, isLast)) ports.note(line);
      }
    },
    signal
  );
}
function removeInTime(expiresAtMs, { pause: pause2, nowMs, remove, note }, over) {
  void pause2(expiresAtMs - EXPIRY_MARGIN_MS - nowMs(), over).then(() => {
    if (over.aborted) return;
    remove();
    note(`The SVID was not renewed, and it expires at ${instant(expiresAtMs)}: its file was removed.`);
  });
}
function failureLines(failure2, left, isLast) {
  const expiresIn = formatSpan((left + EXPIRY_MARGIN_MS) / 1e3);
  const inFile = left > 0 ? ` The SVID in the file expires in ${expiresIn}.` : "";
  const then = isLast ? "No other attempt follows." : "Another attempt follows.";
  return [
    `The SVID could not be renewed (${failure2.code}). ${failure2.message}`,
    ...(failure2.details ?? []).map((line) => `  ${line}`),
    ...isLast ? failure2.next.map((line) => `  ${line}`) : [],
    `${then}${inFile}`
  ];
}
function instant(ms) {
  return formatInstant(ms / 1e3);
}

// shared/renewal/held-svid.ts
var HeldSvid = class {
  #ports;
  #ended;
  #listeners = /* @__PURE__ */ new Set();
  #svid;
  #exchange;
  #renewal;
  #refused;
  #failures = 0;
  /** Somebody asked since the last renewal began. */
  #asked = false;
  /** @param ended aborted once the process needs no SVID any more. */
  constructor(ports, ended) {
    this.#ports = ports;
    this.#ended = ended;
  }
  /** The held SVID, or a new one. Whoever asks while an exchange is under way waits for its outcome. */
  async get() {
    this.#asked = true;
    const { renewable, nowMs } = this.#ports;
    if (this.#svid === void 0 || this.#leftMs() <= 0) {
      const refused3 = this.#refused;
      if (refused3 !== void 0 && nowMs() < refused3.untilMs) return err(refused3.failure);
      const exchanged = await this.#exchangeOnce();
      if (renewable && exchanged.ok) this.#renewInBackground();
      return exchanged;
    }
    if (renewable) this.#renewInBackground();
    return ok(this.#svid);
  }
  /** Wants the SVID until the signal is aborted. Ends once nobody wants it, or no later attempt can succeed. */
  follow(listener, signal) {
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => this.#listeners.delete(listener), { once: true });
    return this.#renew();
  }
  /** The last SVID, which may have expired. */
  get last() {
    return this.#svid;
  }
  /** Whether there is something to remember: an SVID, or an exchange that is under way. */
  get isHeld() {
    return this.#exchange !== void 0 || this.#renewal !== void 0 || this.#leftMs() > 0;
  }
  #leftMs() {
    return this.#svid === void 0 ? 0 : leftMs(this.#svid, this.#ports.nowMs());
  }
  #exchangeOnce() {
    this.#exchange ??= this.#exchangeAndRecord().finally(() => {
      this.#exchange = void 0;
    });
    return this.#exchange;
  }
  async #exchangeAndRecord() {
    const outcome = await this.#ports.exchange();
    if (outcome.ok) {
      this.#svid = outcome.value;
      this.#refused = void 0;
      this.#failures = 0;
    } else {
      this.#failures += 1;
      this.#refused = {
        failure: outcome.error,
        untilMs: this.#ports.nowMs() + this.#refusedForMs(outcome.error)
      };
    }
    return outcome;
  }
  /** A token that cannot be renewed is refused again. A new one may be accepted, after a policy was corrected. */
  #refusedForMs(failure2) {
    const { renewable, mayPass: mayPass3 } = this.#ports;
    return renewable || mayPass3(failure2) ? refusedForMs(this.#failures) : Number.POSITIVE_INFINITY;
  }
  #renew() {
    this.#renewal ??= this.#renewWhileWanted().finally(() => {
      this.#renewal = void 0;
    });
    return this.#renewal;
  }
  #renewInBackground() {
    this.#renew().catch(() => {
    });
  }
  async #renewWhileWanted() {
    let dueAtMs = this.#renewalDueAtMs();
    for (; ; ) {
      const waitMs = Math.max(dueAtMs - this.#ports.nowMs(), SHORTEST_PAUSE_MS);
      await this.#ports.pause(waitMs, this.#ended);
      if (this.#ended.aborted || !(this.#asked || this.#listeners.size > 0)) return;
      this.#asked = false;
      const renewed = await this.#exchangeOnce();
      if (this.#ended.aborted) return;
      if (!this.#tell(renewed)) return;
      dueAtMs = renewed.ok ? this.#renewalDueAtMs() : this.#ports.nowMs() + retryAfterMs(this.#leftMs());
    }
  }
  #renewalDueAtMs() {
    return this.#svid === void 0 ? 0 : renewAtMs(this.#svid, this.#ports.renewable);
  }
  /** Tells the listeners. @returns whether another attempt follows. */
  #tell(renewed) {
    if (renewed.ok) {
      for (const listener of this.#listeners) listener.renewed(renewed.value);
      return true;
    }
    const { renewable, mayPass: mayPass3 } = this.#ports;
    const left = this.#leftMs();
    const isLast = !mayPass3(renewed.error) && (!renewable || left <= 0);
    for (const listener of this.#listeners) {
      listener.failed({ failure: renewed.error, leftMs: left, isLast });
    }
    return !isLast;
  }
};

// shared/renewal/svid-source.ts
var MAX_AUDIENCES = 200;
function createSvidSource(ports, ended) {
  const held = /* @__PURE__ */ new Map();
  return (audience) => {
    const ofPolicy = held.get(void 0);
    const known = ofPolicy?.last?.audience === audience ? ofPolicy : held.get(audience);
    if (known !== void 0) return known;
    if (held.size >= MAX_AUDIENCES) makeRoom(held);
    const fresh = new HeldSvid({ ...ports, exchange: () => ports.exchange(audience) }, ended);
    held.set(audience, fresh);
    return fresh;
  };
}
function makeRoom(held) {
  const [oldest] = held.keys();
  for (const [audience, svid] of held) if (!svid.isHeld) held.delete(audience);
  if (held.size >= MAX_AUDIENCES) held.delete(oldest);
}

// shared/client/unverified-jwt.ts
function unverifiedJwt(token) {
  const read = readCompactJws(token);
  if (!read.ok) return void 0;
  const { header, claims } = read.value;
  return { header, claims };
}

// action/id-token.ts
function idTokensOf(service, audience, ports) {
  let claims;
  const next = async (signal) => {
    if (service === void 0) return err({ retryable: false, failure: { code: "id_token_not_offered" } });
    const token = await requestIdToken(service, audience, ports, signal);
    if (!token.ok) return token;
    ports.mask(token.value);
    claims = unverifiedJwt(token.value)?.claims;
    return token;
  };
  return { next, lastClaims: () => claims };
}

// action/background/svids.ts
function jobSvids({ inputs, kept }, ports, ended) {
  const idTokens = idTokensOf(ports.service, inputs.tokenAudience, { ...ports, mask: () => {
  } });
  const { audience: ofStep, ...options2 } = inputs;
  let first = kept?.first;
  const exchange2 = async (audience) => {
    const got = audience === ofStep ? first : void 0;
    if (got !== void 0) {
      first = void 0;
      return ok(got);
    }
    const target2 = audience === void 0 ? {} : { audience };
    return getSvid({ ...options2, ...target2, subjectToken: idTokens.next }, ports);
  };
  const { nowMs, pause: pause2 } = ports;
  return createSvidSource({ exchange: exchange2, mayPass: mayPass2, renewable: true, nowMs, pause: pause2 }, ended);
}
function keepFile({ file, first }, { inputs, job }, svids, { nowMs, pause: pause2 }, ended) {
  const held = svids(inputs.audience);
  const inWords = (failure2) => {
    const explanation = explain(failure2, { job, inputs });
    const { code, title, text: text2 } = explanation;
    return { code, message: `${title}.`, details: [...text2, ...failedChecks(explanation)], next: [] };
  };
  const ports = {
    replace: (svid) => replaced(file, svid),
    remove: () => removeSvidFile({ path: file.path }, filePorts),
    explain: inWords,
    nowMs,
    pause: pause2,
    note: log
  };
  held.get().then(() => keepFileFresh(held, first, ports, ended)).catch(
    () => log("A bug in the action stopped the renewal. The SVID stays in its file until it expires.")
  );
}
function replaced(file, svid) {
  try {
    writeSvidFile(file, svid, filePorts);
    return ok(void 0);
  } catch (error) {
    const errno = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return err({
      code: "svid_file_unwritable",
      message: `${file.path} could not be written (${errno}).`,
      next: []
    });
  }
}

// action/background/job.ts
async function serveJob(assignment, ports) {
  const { end, outliveStep } = await watchLifetime(assignment);
  const ended = new AbortController();
  const svids = jobSvids(assignment, ports, ended.signal);
  const api = await Promise.race([openApi(assignment, svids, ports), end.then(() => void 0)]);
  if (api === void 0) return removeFolder(assignment);
  if (!api.ok) return ports.reply({ failed: api.error });
  if (assignment.kept !== void 0) keepFile(assignment.kept, assignment, svids, ports, ended.signal);
  const { endpoint, close } = api.value;
  outliveStep();
  await ports.reply({ ready: endpoint === void 0 ? {} : { endpoint } });
  const why = await end;
  log(`This process ends: ${why}.`);
  ended.abort();
  await close();
  if (why !== JOB_ENDED) removeTraces(assignment);
}
function removeTraces(assignment) {
  const { kept, listenAt } = assignment;
  if (kept !== void 0) removeSvidFile(kept.file, filePorts);
  if (listenAt !== void 0 && "path" in listenAt) fs3.rmSync(listenAt.path, { force: true });
  removeFolder(assignment);
}
function removeFolder({ folder }) {
  fs3.rmSync(folder, { force: true, recursive: true });
}
async function openApi(assignment, svids, ports) {
  const { inputs, job, listenAt } = assignment;
  if (listenAt === void 0) return ok({ close: async () => {
  } });
  const issuing = {
    svids,
    explainNoToken: (failure2) => explainIdToken(failure2, job).title
  };
  const options2 = { issuer: inputs.exchangeUrl, timeoutMs: inputs.timeoutMs, place: listenAt };
  const opened = await openWorkloadApi(options2, issuing, ports, workloadLog(assignment));
  return opened.ok ? opened : err(plainFailure(opened.error, listenAt));
}
function plainFailure(failure2, place) {
  if (failure2.code === "unpublished") {
    return { code: "exchange_keys_unread", ...describeUnread(failure2.failure) };
  }
  return {
    code: "address_unusable",
    address: "path" in place ? place.path : place.host,
    errno: failure2.errno
  };
}

// action/proxied-fetch.ts
var http = __toESM(require("node:http"), 1);
var https = __toESM(require("node:https"), 1);

// node_modules/@actions/http-client/lib/proxy.js
function getProxyUrl(reqUrl) {
  const usingSsl = reqUrl.protocol === "https:";
  if (checkBypass(reqUrl)) {
    return void 0;
  }
  const proxyVar = (() => {
    if (usingSsl) {
      return process.env["https_proxy"] || process.env["HTTPS_PROXY"];
    } else {
      return process.env["http_proxy"] || process.env["HTTP_PROXY"];
    }
  })();
  if (proxyVar) {
    try {
      return new DecodedURL(proxyVar);
    } catch (_a) {
      if (!proxyVar.startsWith("http://") && !proxyVar.startsWith("https://"))
        return new DecodedURL(`http://${proxyVar}`);
    }
  } else {
    return void 0;
  }
}
function checkBypass(reqUrl) {
  if (!reqUrl.hostname) {
    return false;
  }
  const reqHost = reqUrl.hostname;
  if (isLoopbackAddress(reqHost)) {
    return true;
  }
  const noProxy = process.env["no_proxy"] || process.env["NO_PROXY"] || "";
  if (!noProxy) {
    return false;
  }
  let reqPort;
  if (reqUrl.port) {
    reqPort = Number(reqUrl.port);
  } else if (reqUrl.protocol === "http:") {
    reqPort = 80;
  } else if (reqUrl.protocol === "https:") {
    reqPort = 443;
  }
  const upperReqHosts = [reqUrl.hostname.toUpperCase()];
  if (typeof reqPort === "number") {
    upperReqHosts.push(`${upperReqHosts[0]}:${reqPort}`);
  }
  for (const upperNoProxyItem of noProxy.split(",").map((x) => x.trim().toUpperCase()).filter((x) => x)) {
    if (upperNoProxyItem === "*" || upperReqHosts.some((x) => x === upperNoProxyItem || x.endsWith(`.${upperNoProxyItem}`) || upperNoProxyItem.startsWith(".") && x.endsWith(`${upperNoProxyItem}`))) {
      return true;
    }
  }
  return false;
}
function isLoopbackAddress(host) {
  const hostLower = host.toLowerCase();
  return hostLower === "localhost" || hostLower.startsWith("127.") || hostLower.startsWith("[::1]") || hostLower.startsWith("[0:0:0:0:0:0:0:1]");
}
var DecodedURL = class extends URL {
  constructor(url, base) {
    super(url, base);
    this._decodedUsername = decodeURIComponent(super.username);
    this._decodedPassword = decodeURIComponent(super.password);
  }
  get username() {
    return this._decodedUsername;
  }
  get password() {
    return this._decodedPassword;
  }
};

// action/proxied-fetch.ts
var proxiedFetch = (url, request5) => new Promise((resolve3, reject) => {
  const target2 = new URL(url);
  const sent = open(target2, options(target2, request5));
  sent.on("error", reject);
  sent.on("response", (response) => resolve3(responseOf(response)));
  sent.end(request5.body);
});
function open(target2, options2) {
  return target2.protocol === "https:" ? https.request(target2, options2) : http.request(target2, options2);
}
function options(target2, { method, headers, body, signal }) {
  const length = body === void 0 ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return {
    method,
    headers: { ...headers, ...length },
    signal,
    ...agentFor(target2)
  };
}
function agentFor(target2) {
  const proxy = getProxyUrl(target2);
  if (proxy === void 0) return {};
  return target2.protocol === "https:" ? { agent: new https.Agent({ proxyEnv: { HTTPS_PROXY: proxy.href } }) } : { agent: new http.Agent({ proxyEnv: { HTTP_PROXY: proxy.href } }) };
}
function responseOf(response) {
  return {
    status: response.statusCode ?? 0,
    headers: { get: (name) => response.headers[name.toLowerCase()]?.toString() ?? null },
    body: response
  };
}

// action/serve.ts
var network = {
  fetch: withUserAgent(proxiedFetch, "svid-exchange-action"),
  nowMs: Date.now,
  sleep: async (ms) => (0, import_promises.setTimeout)(ms),
  random: Math.random,
  timeoutSignal: (ms) => AbortSignal.timeout(ms)
};
process.once("message", async (assignment) => {
  const service = idTokenService(ID_TOKEN_PROTOCOLS.github, process.env);
  await serveJob(assignment, { ...network, createServer: import_node_http2.createServer, pause, service, reply });
  process.exit();
});
function reply(answer) {
  return new Promise((resolve3, reject) => {
    process.send?.(answer, void 0, void 0, (error) => error === null ? resolve3() : reject(error));
  });
}
function pause(ms, signal) {
  return (0, import_promises.setTimeout)(ms, void 0, { signal }).catch(() => {
  });
}
