"use strict";
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __export = (target2, all) => {
  for (var name in all)
    __defProp(target2, name, { get: all[name], enumerable: true });
};
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

// action/main.ts
var import_promises = require("node:timers/promises");

// node_modules/@actions/core/lib/command.js
var os = __toESM(require("os"));

// node_modules/@actions/core/lib/utils.js
function toCommandValue(input) {
  if (input === null || input === void 0) {
    return "";
  } else if (typeof input === "string" || input instanceof String) {
    return input;
  }
  return JSON.stringify(input);
}
function toCommandProperties(annotationProperties) {
  if (!Object.keys(annotationProperties).length) {
    return {};
  }
  return {
    title: annotationProperties.title,
    file: annotationProperties.file,
    line: annotationProperties.startLine,
    endLine: annotationProperties.endLine,
    col: annotationProperties.startColumn,
    endColumn: annotationProperties.endColumn
  };
}

// node_modules/@actions/core/lib/command.js
function issueCommand(command, properties, message2) {
  const cmd = new Command(command, properties, message2);
  process.stdout.write(cmd.toString() + os.EOL);
}
var CMD_STRING = "::";
var Command = class {
  constructor(command, properties, message2) {
    if (!command) {
      command = "missing.command";
    }
    this.command = command;
    this.properties = properties;
    this.message = message2;
  }
  toString() {
    let cmdStr = CMD_STRING + this.command;
    if (this.properties && Object.keys(this.properties).length > 0) {
      cmdStr += " ";
      let first = true;
      for (const key in this.properties) {
        if (this.properties.hasOwnProperty(key)) {
          const val = this.properties[key];
          if (val) {
            if (first) {
              first = false;
            } else {
              cmdStr += ",";
            }
            cmdStr += `${key}=${escapeProperty(val)}`;
          }
        }
      }
    }
    cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
    return cmdStr;
  }
};
function escapeData(s) {
  return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
function escapeProperty(s) {
  return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/:/g, "%3A").replace(/,/g, "%2C");
}

// node_modules/@actions/core/lib/file-command.js
var crypto2 = __toESM(require("crypto"));
var fs = __toESM(require("fs"));
var os2 = __toESM(require("os"));
function issueFileCommand(command, message2) {
  const filePath = process.env[`GITHUB_${command}`];
  if (!filePath) {
    throw new Error(`Unable to find environment variable for file command ${command}`);
  }
  if (!fs.existsSync(filePath)) {
    throw new Error(`Missing file at path: ${filePath}`);
  }
  fs.appendFileSync(filePath, `${toCommandValue(message2)}${os2.EOL}`, {
    encoding: "utf8"
  });
}
function prepareKeyValueMessage(key, value) {
  const delimiter = `ghadelimiter_${crypto2.randomUUID()}`;
  const convertedValue = toCommandValue(value);
  if (key.includes(delimiter)) {
    throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
  }
  if (convertedValue.includes(delimiter)) {
    throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
  }
  return `${key}<<${delimiter}${os2.EOL}${convertedValue}${os2.EOL}${delimiter}`;
}

// node_modules/@actions/core/lib/core.js
var os3 = __toESM(require("os"));

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

// node_modules/@actions/core/lib/summary.js
var import_os = require("os");
var import_fs = require("fs");
var __awaiter = function(thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P ? value : new P(function(resolve2) {
      resolve2(value);
    });
  }
  return new (P || (P = Promise))(function(resolve2, reject) {
    function fulfilled(value) {
      try {
        step(generator.next(value));
      } catch (e) {
        reject(e);
      }
    }
    function rejected(value) {
      try {
        step(generator["throw"](value));
      } catch (e) {
        reject(e);
      }
    }
    function step(result) {
      result.done ? resolve2(result.value) : adopt(result.value).then(fulfilled, rejected);
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
var { access, appendFile, writeFile } = import_fs.promises;
var SUMMARY_ENV_VAR = "GITHUB_STEP_SUMMARY";
var Summary = class {
  constructor() {
    this._buffer = "";
  }
  /**
   * Finds the summary file path from the environment, rejects if env var is not found or file does not exist
   * Also checks r/w permissions.
   *
   * @returns step summary file path
   */
  filePath() {
    return __awaiter(this, void 0, void 0, function* () {
      if (this._filePath) {
        return this._filePath;
      }
      const pathFromEnv = process.env[SUMMARY_ENV_VAR];
      if (!pathFromEnv) {
        throw new Error(`Unable to find environment variable for $${SUMMARY_ENV_VAR}. Check if your runtime environment supports job summaries.`);
      }
      try {
        yield access(pathFromEnv, import_fs.constants.R_OK | import_fs.constants.W_OK);
      } catch (_a) {
        throw new Error(`Unable to access summary file: '${pathFromEnv}'. Check if the file has correct read/write permissions.`);
      }
      this._filePath = pathFromEnv;
      return this._filePath;
    });
  }
  /**
   * Wraps content in an HTML tag, adding any HTML attributes
   *
   * @param {string} tag HTML tag to wrap
   * @param {string | null} content content within the tag
   * @param {[attribute: string]: string} attrs key-value list of HTML attributes to add
   *
   * @returns {string} content wrapped in HTML element
   */
  wrap(tag2, content, attrs = {}) {
    const htmlAttrs = Object.entries(attrs).map(([key, value]) => ` ${key}="${value}"`).join("");
    if (!content) {
      return `<${tag2}${htmlAttrs}>`;
    }
    return `<${tag2}${htmlAttrs}>${content}</${tag2}>`;
  }
  /**
   * Writes text in the buffer to the summary buffer file and empties buffer. Will append by default.
   *
   * @param {SummaryWriteOptions} [options] (optional) options for write operation
   *
   * @returns {Promise<Summary>} summary instance
   */
  write(options2) {
    return __awaiter(this, void 0, void 0, function* () {
      const overwrite = !!(options2 === null || options2 === void 0 ? void 0 : options2.overwrite);
      const filePath = yield this.filePath();
      const writeFunc = overwrite ? writeFile : appendFile;
      yield writeFunc(filePath, this._buffer, { encoding: "utf8" });
      return this.emptyBuffer();
    });
  }
  /**
   * Clears the summary buffer and wipes the summary file
   *
   * @returns {Summary} summary instance
   */
  clear() {
    return __awaiter(this, void 0, void 0, function* () {
      return this.emptyBuffer().write({ overwrite: true });
    });
  }
  /**
   * Returns the current summary buffer as a string
   *
   * @returns {string} string of summary buffer
   */
  stringify() {
    return this._buffer;
  }
  /**
   * If the summary buffer is empty
   *
   * @returns {boolen} true if the buffer is empty
   */
  isEmptyBuffer() {
    return this._buffer.length === 0;
  }
  /**
   * Resets the summary buffer without writing to summary file
   *
   * @returns {Summary} summary instance
   */
  emptyBuffer() {
    this._buffer = "";
    return this;
  }
  /**
   * Adds raw text to the summary buffer
   *
   * @param {string} text content to add
   * @param {boolean} [addEOL=false] (optional) append an EOL to the raw text (default: false)
   *
   * @returns {Summary} summary instance
   */
  addRaw(text3, addEOL = false) {
    this._buffer += text3;
    return addEOL ? this.addEOL() : this;
  }
  /**
   * Adds the operating system-specific end-of-line marker to the buffer
   *
   * @returns {Summary} summary instance
   */
  addEOL() {
    return this.addRaw(import_os.EOL);
  }
  /**
   * Adds an HTML codeblock to the summary buffer
   *
   * @param {string} code content to render within fenced code block
   * @param {string} lang (optional) language to syntax highlight code
   *
   * @returns {Summary} summary instance
   */
  addCodeBlock(code, lang) {
    const attrs = Object.assign({}, lang && { lang });
    const element = this.wrap("pre", this.wrap("code", code), attrs);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML list to the summary buffer
   *
   * @param {string[]} items list of items to render
   * @param {boolean} [ordered=false] (optional) if the rendered list should be ordered or not (default: false)
   *
   * @returns {Summary} summary instance
   */
  addList(items, ordered = false) {
    const tag2 = ordered ? "ol" : "ul";
    const listItems = items.map((item) => this.wrap("li", item)).join("");
    const element = this.wrap(tag2, listItems);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML table to the summary buffer
   *
   * @param {SummaryTableCell[]} rows table rows
   *
   * @returns {Summary} summary instance
   */
  addTable(rows) {
    const tableBody = rows.map((row) => {
      const cells = row.map((cell) => {
        if (typeof cell === "string") {
          return this.wrap("td", cell);
        }
        const { header: header2, data, colspan, rowspan } = cell;
        const tag2 = header2 ? "th" : "td";
        const attrs = Object.assign(Object.assign({}, colspan && { colspan }), rowspan && { rowspan });
        return this.wrap(tag2, data, attrs);
      }).join("");
      return this.wrap("tr", cells);
    }).join("");
    const element = this.wrap("table", tableBody);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds a collapsable HTML details element to the summary buffer
   *
   * @param {string} label text for the closed state
   * @param {string} content collapsable content
   *
   * @returns {Summary} summary instance
   */
  addDetails(label, content) {
    const element = this.wrap("details", this.wrap("summary", label) + content);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML image tag to the summary buffer
   *
   * @param {string} src path to the image you to embed
   * @param {string} alt text description of the image
   * @param {SummaryImageOptions} options (optional) addition image attributes
   *
   * @returns {Summary} summary instance
   */
  addImage(src, alt, options2) {
    const { width, height } = options2 || {};
    const attrs = Object.assign(Object.assign({}, width && { width }), height && { height });
    const element = this.wrap("img", null, Object.assign({ src, alt }, attrs));
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML section heading element
   *
   * @param {string} text heading text
   * @param {number | string} [level=1] (optional) the heading level, default: 1
   *
   * @returns {Summary} summary instance
   */
  addHeading(text3, level) {
    const tag2 = `h${level}`;
    const allowedTag = ["h1", "h2", "h3", "h4", "h5", "h6"].includes(tag2) ? tag2 : "h1";
    const element = this.wrap(allowedTag, text3);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML thematic break (<hr>) to the summary buffer
   *
   * @returns {Summary} summary instance
   */
  addSeparator() {
    const element = this.wrap("hr", null);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML line break (<br>) to the summary buffer
   *
   * @returns {Summary} summary instance
   */
  addBreak() {
    const element = this.wrap("br", null);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML blockquote to the summary buffer
   *
   * @param {string} text quote text
   * @param {string} cite (optional) citation url
   *
   * @returns {Summary} summary instance
   */
  addQuote(text3, cite) {
    const attrs = Object.assign({}, cite && { cite });
    const element = this.wrap("blockquote", text3, attrs);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML anchor tag to the summary buffer
   *
   * @param {string} text link text/content
   * @param {string} href hyperlink
   *
   * @returns {Summary} summary instance
   */
  addLink(text3, href) {
    const element = this.wrap("a", text3, { href });
    return this.addRaw(element).addEOL();
  }
};
var _summary = new Summary();
var summary = _summary;

// node_modules/@actions/core/lib/core.js
var ExitCode;
(function(ExitCode2) {
  ExitCode2[ExitCode2["Success"] = 0] = "Success";
  ExitCode2[ExitCode2["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
function exportVariable(name, val) {
  const convertedVal = toCommandValue(val);
  process.env[name] = convertedVal;
  const filePath = process.env["GITHUB_ENV"] || "";
  if (filePath) {
    return issueFileCommand("ENV", prepareKeyValueMessage(name, val));
  }
  issueCommand("set-env", { name }, convertedVal);
}
function setSecret(secret) {
  issueCommand("add-mask", {}, secret);
}
function getInput(name, options2) {
  const val = process.env[`INPUT_${name.replace(/ /g, "_").toUpperCase()}`] || "";
  if (options2 && options2.required && !val) {
    throw new Error(`Input required and not supplied: ${name}`);
  }
  if (options2 && options2.trimWhitespace === false) {
    return val;
  }
  return val.trim();
}
function setOutput(name, value) {
  const filePath = process.env["GITHUB_OUTPUT"] || "";
  if (filePath) {
    return issueFileCommand("OUTPUT", prepareKeyValueMessage(name, value));
  }
  process.stdout.write(os3.EOL);
  issueCommand("set-output", { name }, toCommandValue(value));
}
function setFailed(message2) {
  process.exitCode = ExitCode.Failure;
  error(message2);
}
function error(message2, properties = {}) {
  issueCommand("error", toCommandProperties(properties), message2 instanceof Error ? message2.toString() : message2);
}
function info(message2) {
  process.stdout.write(message2 + os3.EOL);
}
function saveState(name, value) {
  const filePath = process.env["GITHUB_STATE"] || "";
  if (filePath) {
    return issueFileCommand("STATE", prepareKeyValueMessage(name, value));
  }
  issueCommand("save-state", { name }, toCommandValue(value));
}

// node_modules/@actions/github/lib/context.js
var import_fs2 = require("fs");
var import_os2 = require("os");
var Context = class {
  /**
   * Hydrate the context from the environment
   */
  constructor() {
    var _a, _b, _c;
    this.payload = {};
    if (process.env.GITHUB_EVENT_PATH) {
      if ((0, import_fs2.existsSync)(process.env.GITHUB_EVENT_PATH)) {
        this.payload = JSON.parse((0, import_fs2.readFileSync)(process.env.GITHUB_EVENT_PATH, { encoding: "utf8" }));
      } else {
        const path2 = process.env.GITHUB_EVENT_PATH;
        process.stdout.write(`GITHUB_EVENT_PATH ${path2} does not exist${import_os2.EOL}`);
      }
    }
    this.eventName = process.env.GITHUB_EVENT_NAME;
    this.sha = process.env.GITHUB_SHA;
    this.ref = process.env.GITHUB_REF;
    this.workflow = process.env.GITHUB_WORKFLOW;
    this.action = process.env.GITHUB_ACTION;
    this.actor = process.env.GITHUB_ACTOR;
    this.job = process.env.GITHUB_JOB;
    this.runAttempt = parseInt(process.env.GITHUB_RUN_ATTEMPT, 10);
    this.runNumber = parseInt(process.env.GITHUB_RUN_NUMBER, 10);
    this.runId = parseInt(process.env.GITHUB_RUN_ID, 10);
    this.apiUrl = (_a = process.env.GITHUB_API_URL) !== null && _a !== void 0 ? _a : `https://api.github.com`;
    this.serverUrl = (_b = process.env.GITHUB_SERVER_URL) !== null && _b !== void 0 ? _b : `https://github.com`;
    this.graphqlUrl = (_c = process.env.GITHUB_GRAPHQL_URL) !== null && _c !== void 0 ? _c : `https://api.github.com/graphql`;
  }
  get issue() {
    const payload = this.payload;
    return Object.assign(Object.assign({}, this.repo), { number: (payload.issue || payload.pull_request || payload).number });
  }
  get repo() {
    if (process.env.GITHUB_REPOSITORY) {
      const [owner, repo] = process.env.GITHUB_REPOSITORY.split("/");
      return { owner, repo };
    }
    if (this.payload.repository) {
      return {
        owner: this.payload.repository.owner.login,
        repo: this.payload.repository.name
      };
    }
    throw new Error("context.repo requires a GITHUB_REPOSITORY environment variable like 'owner/repo'");
  }
};

// node_modules/@actions/github/lib/github.js
var context = new Context();

// shared/result.ts
function ok(value) {
  return { ok: true, value };
}
function err(error2) {
  return { ok: false, error: error2 };
}

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
var DENIALS = {
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
    "The issuer's tokens must be signed with an algorithm that the trust document allows."
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
  token_claim_invalid: request("The claim has a type or value that no token of this issuer should have."),
  // Policy.
  guard_refused: request("The event is refused unless the policy names the claim that lifts the guard."),
  policy_unknown: request("Use the name of a policy of this issuer, or leave policy out."),
  policy_denied: request("Compare the failed checks with the policy; svid-exchange explain shows the rest."),
  ambiguous_policy: request(
    "Several policies match: name one with the policy parameter, or narrow their conditions."
  ),
  identity_refused: request("A value that the policy's template uses cannot be part of a SPIFFE ID."),
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

// shared/wire.ts
var GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange";
var TOKEN_TYPE_JWT = "urn:ietf:params:oauth:token-type:jwt";
var TOKEN_TYPE_ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
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

// shared/loopback.ts
function isLoopback(hostname) {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

// shared/client/exchange-url.ts
function parseExchangeUrl(text3) {
  if (!URL.canParse(text3)) return err("it is not an absolute URL");
  const url = new URL(text3);
  if (url.username !== "" || url.password !== "") return err("it holds a user name or password");
  if (url.search !== "" || url.hash !== "" || /[?#]/.test(text3)) return err("it has a query or a fragment");
  if (!isConfidential(url)) return err("it is not https (http is for loopback only)");
  return ok(`${url.origin}${url.pathname.replace(/\/+$/, "")}`);
}
function isConfidential(url) {
  return url.protocol === "https:" || url.protocol === "http:" && isLoopback(url.hostname);
}
function tokenEndpoint(exchange2) {
  return `${exchange2}/token`;
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
  let error2 = thrown;
  for (let depth = 0; depth < MAX_DEPTH && isObject(error2); depth += 1) {
    if (error2["name"] === "TimeoutError" || error2["name"] === "AbortError") return { cause: "timeout" };
    const errno = error2["code"];
    const row = typeof errno === "string" ? CAUSES.find(([, pattern]) => pattern.test(errno)) : void 0;
    if (typeof errno === "string" && row !== void 0) return { cause: row[0], errno };
    error2 = error2["cause"] ?? (Array.isArray(error2["errors"]) ? error2["errors"][0] : void 0);
  }
  return { cause: "other" };
}
function isObject(value) {
  return typeof value === "object" && value !== null;
}

// shared/json.ts
function isJsonObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// shared/client/response.ts
function parseMinted(status, body) {
  const members = isJsonObject(body) ? body : {};
  if (status !== 200) return err(failure(status, members));
  const decided = decision(members);
  const svid = text(members, "access_token");
  if (decided === void 0 || svid === "" || members["dry_run"] === true) return notAnExchange(status);
  const { seconds: expiresIn, ...rest } = decided;
  return ok({ svid, expiresIn, ...rest });
}
function parsePlan(status, body) {
  const members = isJsonObject(body) ? body : {};
  if (status !== 200) return err(failure(status, members));
  const decided = decision(members);
  const minted = Object.hasOwn(members, "access_token");
  if (decided === void 0 || minted || members["dry_run"] !== true) return notAnExchange(status);
  const { seconds: lifetime, ...rest } = decided;
  return ok({ lifetime, ...rest });
}
function decision(members) {
  const seconds = members["expires_in"];
  const spiffeId = text(members, "spiffe_id");
  if (typeof seconds !== "number" || spiffeId === "") return void 0;
  return {
    seconds,
    spiffeId,
    audience: text(members, "audience"),
    policy: text(members, "policy"),
    configVersion: text(members, "config_version")
  };
}
function failure(status, members) {
  const error2 = text(members, "error");
  if (error2 === "") return { code: "not_an_exchange", status };
  const code = text(members, "code");
  const requestId = text(members, "request_id");
  const checks = members["checks"];
  return {
    code: "refused",
    refusal: {
      status,
      error: error2,
      description: text(members, "error_description") || `the exchange responded with status ${status}`,
      ...isDenialCode(code) ? { code } : {},
      ...requestId === "" ? {} : { requestId },
      checks: Array.isArray(checks) ? checks.filter(isCheck) : []
    }
  };
}
function notAnExchange(status) {
  return err({ code: "not_an_exchange", status });
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
  return typeof policy === "string" && typeof attribute === "string" && (own === null || typeof own === "string") && typeof pass === "boolean";
}

// shared/client/retry.ts
var FIRST_DELAY_MS = 250;
var MAX_DELAY_MS = 8e3;
var MAX_ATTEMPTS = 20;
function delayMs(attempt2, retryAfterMs, random) {
  const ceiling = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt2 - 1));
  const own = ceiling / 2 + ceiling / 2 * random;
  return Math.round(retryAfterMs > 0 ? retryAfterMs + FIRST_DELAY_MS / 2 * random : own);
}
function parseRetryAfter(header2, nowMs) {
  const text3 = header2?.trim() ?? "";
  if (/^\d{1,9}$/.test(text3)) return Number(text3) * 1e3;
  if (!/^[A-Z][a-z]{2}, .* GMT$/.test(text3)) return void 0;
  const wait = Date.parse(text3) - nowMs;
  return wait > 0 ? wait : void 0;
}
function nextAttempt({ status, headers }, nowMs) {
  const retryAfterMs = parseRetryAfter(headers.get("retry-after"), nowMs);
  const retryable = status === 429 || status >= 500;
  return { retryable, ...retryAfterMs === void 0 ? {} : { retryAfterMs } };
}
var TIMER_SLACK_MS = 20;
async function withRetry(attempt2, timeoutMs, ports2) {
  const deadline = ports2.nowMs() + timeoutMs;
  let earlier;
  for (let attempts = 1; ; attempts += 1) {
    const outcome = await attempt2(deadline - ports2.nowMs());
    if (outcome.ok) return outcome;
    const { failure: failure2, retryable, retryAfterMs = 0 } = outcome.error;
    if (!retryable) return err({ failure: failure2, attempts, outOfTime: false });
    const left = deadline - ports2.nowMs();
    if (left <= TIMER_SLACK_MS) return err({ failure: earlier ?? failure2, attempts, outOfTime: true });
    const pause = delayMs(attempts, retryAfterMs, ports2.random());
    if (attempts === MAX_ATTEMPTS || pause >= left) return err({ failure: failure2, attempts, outOfTime: true });
    await ports2.sleep(pause);
    earlier = failure2;
  }
}

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
async function readText(response, limit) {
  const bytes = await readBounded(response.body, limit);
  return bytes === void 0 ? void 0 : new TextDecoder().decode(bytes);
}
function parseJson(text3) {
  if (text3 === void 0) return void 0;
  try {
    return JSON.parse(text3);
  } catch {
    return void 0;
  }
}

// shared/client/token-request.ts
var MAX_RESPONSE_BYTES = 64 * 1024;
function tokenRequest(form, userAgent, signal) {
  return {
    method: "POST",
    headers: {
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
      "user-agent": userAgent
    },
    body: form.toString(),
    redirect: "manual",
    signal
  };
}
async function processTokenResponse(response, parse2, nowMs) {
  const text3 = await readText(response, MAX_RESPONSE_BYTES);
  if (response.status >= 300 && response.status < 400) return err(redirected(response));
  const parsed = parse2(response.status, parseJson(text3));
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
var ATTEMPT_TIMEOUT_MS = 1e4;
function exchange(options2, ports2) {
  return request2(options2, { dryRun: false, parse: parseMinted }, ports2);
}
function plan(options2, ports2) {
  return request2(options2, { dryRun: true, parse: parsePlan }, ports2);
}
function attemptSignal(leftMs, { timeoutSignal }) {
  return timeoutSignal(Math.max(1, Math.min(ATTEMPT_TIMEOUT_MS, leftMs)));
}
async function request2(options2, kind, ports2) {
  const outcome = await withRetry((left) => attempt(options2, kind, ports2, left), options2.timeoutMs, ports2);
  return outcome.ok ? outcome : err(withDeadline(outcome.error));
}
function withDeadline({
  failure: failure2,
  attempts,
  outOfTime
}) {
  return outOfTime ? { code: "deadline_exceeded", attempts, last: failure2 } : failure2;
}
async function attempt(options2, kind, ports2, leftMs) {
  const deadlineMs = ports2.nowMs() + leftMs;
  const token = await options2.subjectToken(attemptSignal(leftMs, ports2));
  if (!token.ok) {
    const { failure: failure2, ...rest } = token.error;
    return err({ ...rest, failure: { code: "no_subject_token", failure: failure2 } });
  }
  const signal = attemptSignal(deadlineMs - ports2.nowMs(), ports2);
  const form = exchangeForm({ ...options2, subjectToken: token.value, dryRun: kind.dryRun });
  try {
    const url = tokenEndpoint(options2.exchangeUrl);
    const response = await ports2.fetch(url, tokenRequest(form, ports2.userAgent, signal));
    return await processTokenResponse(response, kind.parse, ports2.nowMs());
  } catch (thrown) {
    const error2 = networkError(thrown, signal);
    return err({ retryable: mayRecover(error2.cause), failure: { code: "unreachable", ...error2 } });
  }
}

// shared/client/environment.ts
function variable(env, name) {
  const value = env[name]?.trim() ?? "";
  return value === "" ? void 0 : value;
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
var MAX_RESPONSE_BYTES2 = 64 * 1024;
function idTokenService(protocol, env) {
  const url = variable(env, protocol.urlVariable);
  const bearer = variable(env, protocol.bearerVariable);
  if (url === void 0 || bearer === void 0 || !URL.canParse(url)) return void 0;
  return { protocol, url, bearer };
}
async function requestIdToken(service, audience, ports2, signal) {
  try {
    const request5 = idTokenRequest(service, ports2.userAgent, signal);
    const response = await ports2.fetch(idTokenUrl(service, audience), request5);
    return await processIdTokenResponse(response, service.protocol, ports2.nowMs());
  } catch (thrown) {
    const error2 = networkError(thrown, signal);
    return err({ retryable: mayRecover(error2.cause), failure: { code: "id_token_unreachable", ...error2 } });
  }
}
function idTokenUrl({ protocol, url }, audience) {
  const target2 = new URL(url);
  for (const [name, value] of Object.entries(protocol.query(audience))) target2.searchParams.set(name, value);
  return target2.href;
}
function idTokenRequest({ protocol, bearer }, userAgent, signal) {
  const headers = { accept: "application/json", authorization: `Bearer ${bearer}`, "user-agent": userAgent };
  const common = { redirect: "manual", signal };
  if (protocol.method === "GET") return { method: "GET", headers, ...common };
  return { method: "POST", headers: { ...headers, "content-type": "application/json" }, body: "", ...common };
}
async function processIdTokenResponse(response, { member: member2 }, nowMs) {
  const body = parseJson(await readText(response, MAX_RESPONSE_BYTES2));
  if (response.status !== 200) {
    const failure2 = { code: "id_token_refused", status: response.status };
    return err({ failure: failure2, ...nextAttempt(response, nowMs) });
  }
  const token = isJsonObject(body) ? body[member2] : void 0;
  if (typeof token === "string" && token !== "") return ok(token);
  return err({ retryable: false, failure: { code: "id_token_malformed" } });
}

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

// action/explain-exchange-failure.ts
function explainExchange(failure2, facts) {
  switch (failure2.code) {
    case "refused":
      return refused(failure2.refusal, facts);
    case "not_an_exchange":
      return notAnExchange2(failure2.status, facts);
    case "redirected":
      return redirected2(failure2.location, facts);
    case "unreachable":
      return unreachable(failure2, facts);
  }
}
function refused(refusal, facts) {
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
function notAnExchange2(status, facts) {
  return {
    code: "not_an_exchange",
    title: `The server at exchange-url is not an exchange (status ${status})`,
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
function unreachable({ cause, errno }, facts) {
  const { meaning, advice } = networkAdvice(cause, { url: "exchange-url", timeout: "the input timeout" });
  return {
    code: "exchange_unreachable",
    title: `The exchange could not be reached (${cause}${errno === void 0 ? "" : `, ${errno}`})`,
    text: [`${tokenUrl(facts)} could not be reached: ${meaning}. ${advice}`]
  };
}

// action/explain-id-token-failure.ts
function explainIdToken(failure2, job) {
  switch (failure2.code) {
    case "id_token_not_offered":
      return notOffered(job);
    case "id_token_refused":
      return refused2(failure2.status);
    case "id_token_unreachable":
      return unreachable2(failure2);
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
function refused2(status) {
  const isTrouble = status >= 500 || status === 429;
  return {
    code: "id_token_refused",
    title: `The runner's token service answered with status ${status}`,
    text: [
      isTrouble ? "The service is in trouble or busy. Run the job again, and look at the status page of your CI provider." : "A job may ask for ID tokens for about six hours, and that time may be over. Get the SVID earlier in the job, or split the job."
    ]
  };
}
function unreachable2({ cause, errno }) {
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

// action/explain.ts
function explain(failure2, facts) {
  if (failure2.code === "input_invalid") return onOwnPage(inputAdvice(failure2.problems));
  if (failure2.code === "svid_not_verified") return onOwnPage(verificationAdvice(failure2.reason, facts));
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
var UNVERIFIED = {
  metadata_unreadable: "The exchange's /.well-known/openid-configuration could not be read.",
  issuer_differs: "The exchange calls itself by another URL: set exchange-url to the issuer that its discovery document names.",
  keys_unreadable: "The exchange's published keys could not be read.",
  key_not_published: "The key that signed the SVID is not among the exchange's published keys.",
  signature_invalid: "The signature does not fit the published key.",
  expired: "The SVID has expired: compare the runner's clock.",
  claim_differs: "Its issuer, audience or SPIFFE ID is not what the exchange's answer said: set exchange-url to the issuer itself.",
  malformed: "It is not a JWT-SVID that services would take."
};
function verificationAdvice(reason, { inputs }) {
  return {
    code: "svid_not_verified",
    title: "The SVID could not be verified, so no step gets it",
    text: [`${UNVERIFIED[reason]} (${reason})`, `Exchange: ${inputs?.exchangeUrl}`]
  };
}

// node_modules/jose/dist/webapi/lib/buffer_utils.js
var encoder = new TextEncoder();
var decoder = new TextDecoder();
var strictDecoder = new TextDecoder("utf-8", { fatal: true });
var UINT32_RANGE = 2 ** 32;
function concat(...buffers) {
  const size = buffers.reduce((acc, { length }) => acc + length, 0), buf = new Uint8Array(size);
  let i = 0;
  for (const buffer of buffers)
    buf.set(buffer, i), i += buffer.length;
  return buf;
}
var NON_ASCII = /[^\x00-\x7f]/;
function encode(string) {
  if (typeof string == "string" && string.length >= 128) {
    if (NON_ASCII.test(string))
      throw new TypeError("non-ASCII string encountered in encode()");
    return encoder.encode(string);
  }
  const bytes = new Uint8Array(string.length);
  for (let i = 0; i < string.length; i++) {
    const code = string.charCodeAt(i);
    if (code > 127)
      throw new TypeError("non-ASCII string encountered in encode()");
    bytes[i] = code;
  }
  return bytes;
}
function decodeBase64(encoded, url = false) {
  if (Uint8Array.fromBase64)
    return Uint8Array.fromBase64(encoded, { alphabet: url ? "base64url" : "base64" });
  if (url) {
    if (encoded.includes("+") || encoded.includes("/"))
      throw new TypeError("Invalid base64url");
    encoded = encoded.replace(/-/g, "+").replace(/_/g, "/");
  }
  const binary = atob(encoded), bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++)
    bytes[i] = binary.charCodeAt(i);
  return bytes;
}

// node_modules/jose/dist/webapi/util/errors.js
var errors_exports = {};
__export(errors_exports, {
  JOSEAlgNotAllowed: () => JOSEAlgNotAllowed,
  JOSEError: () => JOSEError,
  JOSENotSupported: () => JOSENotSupported,
  JWEDecryptionFailed: () => JWEDecryptionFailed,
  JWEInvalid: () => JWEInvalid,
  JWKInvalid: () => JWKInvalid,
  JWKSInvalid: () => JWKSInvalid,
  JWKSMultipleMatchingKeys: () => JWKSMultipleMatchingKeys,
  JWKSNoMatchingKey: () => JWKSNoMatchingKey,
  JWKSTimeout: () => JWKSTimeout,
  JWSInvalid: () => JWSInvalid,
  JWSSignatureVerificationFailed: () => JWSSignatureVerificationFailed,
  JWTClaimValidationFailed: () => JWTClaimValidationFailed,
  JWTExpired: () => JWTExpired,
  JWTInvalid: () => JWTInvalid
});
var JOSEError = class extends Error {
  static code = "ERR_JOSE_GENERIC";
  code = "ERR_JOSE_GENERIC";
  constructor(message2, options2) {
    super(message2, options2), this.name = this.constructor.name, Error.captureStackTrace?.(this, this.constructor);
  }
};
var JWTClaimValidationFailed = class extends JOSEError {
  static code = "ERR_JWT_CLAIM_VALIDATION_FAILED";
  code = "ERR_JWT_CLAIM_VALIDATION_FAILED";
  claim;
  reason;
  payload;
  constructor(message2, payload, claim = "unspecified", reason = "unspecified") {
    super(message2, { cause: { claim, reason, payload } }), this.claim = claim, this.reason = reason, this.payload = payload;
  }
};
var JWTExpired = class extends JOSEError {
  static code = "ERR_JWT_EXPIRED";
  code = "ERR_JWT_EXPIRED";
  claim;
  reason;
  payload;
  constructor(message2, payload, claim = "unspecified", reason = "unspecified") {
    super(message2, { cause: { claim, reason, payload } }), this.claim = claim, this.reason = reason, this.payload = payload;
  }
};
var JOSEAlgNotAllowed = class extends JOSEError {
  static code = "ERR_JOSE_ALG_NOT_ALLOWED";
  code = "ERR_JOSE_ALG_NOT_ALLOWED";
};
var JOSENotSupported = class extends JOSEError {
  static code = "ERR_JOSE_NOT_SUPPORTED";
  code = "ERR_JOSE_NOT_SUPPORTED";
};
var JWEDecryptionFailed = class extends JOSEError {
  static code = "ERR_JWE_DECRYPTION_FAILED";
  code = "ERR_JWE_DECRYPTION_FAILED";
  constructor(message2 = "decryption operation failed", options2) {
    super(message2, options2);
  }
};
var JWEInvalid = class extends JOSEError {
  static code = "ERR_JWE_INVALID";
  code = "ERR_JWE_INVALID";
};
var JWSInvalid = class extends JOSEError {
  static code = "ERR_JWS_INVALID";
  code = "ERR_JWS_INVALID";
};
var JWTInvalid = class extends JOSEError {
  static code = "ERR_JWT_INVALID";
  code = "ERR_JWT_INVALID";
};
var JWKInvalid = class extends JOSEError {
  static code = "ERR_JWK_INVALID";
  code = "ERR_JWK_INVALID";
};
var JWKSInvalid = class extends JOSEError {
  static code = "ERR_JWKS_INVALID";
  code = "ERR_JWKS_INVALID";
};
var JWKSNoMatchingKey = class extends JOSEError {
  static code = "ERR_JWKS_NO_MATCHING_KEY";
  code = "ERR_JWKS_NO_MATCHING_KEY";
  constructor(message2 = "no applicable key found in the JSON Web Key Set", options2) {
    super(message2, options2);
  }
};
var JWKSMultipleMatchingKeys = class extends JOSEError {
  [Symbol.asyncIterator] = async function* () {
  };
  static code = "ERR_JWKS_MULTIPLE_MATCHING_KEYS";
  code = "ERR_JWKS_MULTIPLE_MATCHING_KEYS";
  constructor(message2 = "multiple matching keys found in the JSON Web Key Set", options2) {
    super(message2, options2);
  }
};
var JWKSTimeout = class extends JOSEError {
  static code = "ERR_JWKS_TIMEOUT";
  code = "ERR_JWKS_TIMEOUT";
  constructor(message2 = "request timed out", options2) {
    super(message2, options2);
  }
};
var JWSSignatureVerificationFailed = class extends JOSEError {
  static code = "ERR_JWS_SIGNATURE_VERIFICATION_FAILED";
  code = "ERR_JWS_SIGNATURE_VERIFICATION_FAILED";
  constructor(message2 = "signature verification failed", options2) {
    super(message2, options2);
  }
};

// node_modules/jose/dist/webapi/util/base64url.js
var invalid = "The input to be decoded is not correctly encoded.";
function decode(input) {
  try {
    return decodeBase64(typeof input == "string" ? input : decoder.decode(input), true);
  } catch (cause) {
    throw new TypeError(invalid, { cause });
  }
}

// node_modules/jose/dist/webapi/lib/validate.js
function isObject2(input) {
  if (typeof input != "object" || input === null || Object.prototype.toString.call(input) !== "[object Object]")
    return false;
  const prototype = Object.getPrototypeOf(input);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
function isJwkSet(input) {
  return isObject2(input) && Array.isArray(input.keys) && Array.from(input.keys).every(isObject2);
}
function isDisjoint(...headers) {
  const parameters = /* @__PURE__ */ new Set();
  for (const header2 of headers)
    if (header2)
      for (const parameter of Object.keys(header2)) {
        if (parameters.has(parameter))
          return false;
        parameters.add(parameter);
      }
  return true;
}
function decodeBase64url(value, label, ErrorClass) {
  try {
    return decode(value);
  } catch (cause) {
    throw new ErrorClass(`Failed to base64url decode the ${label}`, { cause });
  }
}
function encodeAsciiMember(value, label, ErrorClass) {
  try {
    return encode(value);
  } catch (cause) {
    throw new ErrorClass(`The ${label} is not a valid base64url string`, { cause });
  }
}
function parseJoseHeader(encodedProtectedHeader, ErrorClass, message2) {
  let parsed;
  try {
    parsed = JSON.parse(strictDecoder.decode(decode(encodedProtectedHeader)));
  } catch (cause) {
    throw new ErrorClass(message2, { cause });
  }
  if (!isObject2(parsed))
    throw new ErrorClass(message2);
  return parsed;
}
var JWS_RECOGNIZED = { __proto__: null, b64: true };
function validateAlgorithms(option, algorithms) {
  if (algorithms !== void 0 && (!Array.isArray(algorithms) || algorithms.some((s) => typeof s != "string")))
    throw new TypeError(`"${option}" option must be an array of strings`);
  return algorithms === void 0 ? void 0 : new Set(algorithms);
}
function validateCrit(Err, recognizedDefault, recognizedOption, protectedHeader, joseHeader) {
  if (joseHeader.crit !== void 0 && protectedHeader?.crit === void 0)
    throw new Err('"crit" (Critical) Header Parameter MUST be integrity protected');
  if (!protectedHeader || protectedHeader.crit === void 0)
    return [];
  if (!Array.isArray(protectedHeader.crit) || protectedHeader.crit.length === 0 || protectedHeader.crit.some((input) => typeof input != "string" || input.length === 0))
    throw new Err('"crit" (Critical) Header Parameter MUST be an array of non-empty strings when present');
  const recognized = recognizedOption === void 0 ? recognizedDefault : { __proto__: null, ...recognizedOption, ...recognizedDefault };
  for (const parameter of protectedHeader.crit) {
    if (!(parameter in recognized))
      throw new JOSENotSupported(`Extension Header Parameter "${parameter}" is not recognized`);
    if (!Object.hasOwn(joseHeader, parameter) || joseHeader[parameter] === void 0)
      throw new Err(`Extension Header Parameter "${parameter}" is missing`);
    if (recognized[parameter] && (!Object.hasOwn(protectedHeader, parameter) || protectedHeader[parameter] === void 0))
      throw new Err(`Extension Header Parameter "${parameter}" MUST be integrity protected`);
  }
  return protectedHeader.crit;
}
function validateB64(protectedHeader, extensions) {
  if (extensions.includes("b64")) {
    const b64 = protectedHeader.b64;
    if (typeof b64 != "boolean")
      throw new JWSInvalid('The "b64" (base64url-encode payload) Header Parameter must be a boolean');
    return b64;
  }
  return true;
}

// node_modules/jose/dist/webapi/lib/key.js
var tag = (key) => key[Symbol.toStringTag];
var jwkMatchesOp = (entry, key, usage) => {
  const { alg } = entry;
  if (key.use !== void 0) {
    const expected = usage === "sign" || usage === "verify" ? "sig" : "enc";
    if (key.use !== expected)
      throw new TypeError(`Invalid key for this operation, its "use" must be "${expected}" when present`);
  }
  if (key.alg !== void 0 && key.alg !== alg)
    throw new TypeError(`Invalid key for this operation, its "alg" must be "${alg}" when present`);
  if (Array.isArray(key.key_ops)) {
    const expectedKeyOp = usage === "encrypt" || usage === "decrypt" ? entry.ops?.[usage === "encrypt" ? 0 : 1] : usage;
    if (expectedKeyOp && !key.key_ops.includes(expectedKeyOp))
      throw new TypeError(`Invalid key for this operation, its "key_ops" must include "${expectedKeyOp}" when present`);
  }
};
async function prepareKey(entry, key, usage) {
  const { alg, secret } = entry, requiresPrivateKey = usage === "decrypt" || usage === "sign";
  if (secret && key instanceof Uint8Array)
    return key;
  let normalized, keyObject;
  if (isObject2(key)) {
    if (normalized = normalizeJwk(key), typeof normalized.kty != "string")
      throw invalidKeyType(alg, key, secret);
    if (!(secret ? normalized.kty === "oct" && typeof normalized.k == "string" : normalized.kty !== "oct" && (requiresPrivateKey ? normalized.kty === "AKP" && typeof normalized.priv == "string" || typeof normalized.d == "string" : normalized.d === void 0 && normalized.priv === void 0)))
      throw new TypeError(secret ? 'JSON Web Key for symmetric algorithms must have JWK "kty" (Key Type) equal to "oct" and the JWK "k" (Key Value) present' : `JSON Web Key for this operation must be a ${requiresPrivateKey ? "private" : "public"} JWK`);
    if (jwkMatchesOp(entry, normalized, usage), normalized.kty === "oct")
      return decode(normalized.k);
    if (!Object.isFrozen(key)) {
      const { key_ops } = key;
      Array.isArray(key_ops) && Object.freeze(key_ops), Object.freeze(key);
    }
  } else {
    if (!isKeyLike(key))
      throw invalidKeyType(alg, key, secret);
    const expectedType = secret ? "secret" : requiresPrivateKey ? "private" : "public";
    if (key.type !== expectedType && (secret || ["secret", "public", "private"].includes(key.type)))
      throw new TypeError(`${tag(key)} instances must be of type "${expectedType}" for the ${alg} algorithm`);
    if (isCryptoKey(key))
      return key;
    if (keyObject = key, keyObject.type === "secret")
      return keyObject.export();
  }
  cache ||= /* @__PURE__ */ new WeakMap();
  const cacheKey = key;
  let cached = cache.get(cacheKey);
  if (cached?.[alg])
    return cached[alg];
  if (cached || cache.set(cacheKey, cached = {}), keyObject && typeof keyObject.toCryptoKey == "function") {
    const isPublic = keyObject.type === "public", crv = nist[keyObject.asymmetricKeyDetails?.namedCurve], params = entry.resolve?.({ crv, asymmetricKeyType: keyObject.asymmetricKeyType }) ?? entry.subtle;
    return cached[alg] = keyObject.toCryptoKey(params, isPublic, entry.usages[isPublic ? 0 : 1]);
  }
  return normalized ??= keyObject.export({ format: "jwk" }), normalized.alg = alg, cached[alg] = await jwkToKey(entry, normalized);
}
var cache;
var nist = {
  __proto__: null,
  prime256v1: "P-256",
  secp384r1: "P-384",
  secp521r1: "P-521"
};
var isCryptoKey = (key) => {
  if (key?.[Symbol.toStringTag] === "CryptoKey")
    return true;
  try {
    return key instanceof CryptoKey;
  } catch {
    return false;
  }
};
var isKeyObject = (key) => key?.[Symbol.toStringTag] === "KeyObject";
var isKeyLike = (key) => isCryptoKey(key) || isKeyObject(key);
function message(msg, actual, ...types) {
  if (types.length > 2) {
    const last = types.pop();
    msg += `one of type ${types.join(", ")}, or ${last}.`;
  } else types.length === 2 ? msg += `one of type ${types[0]} or ${types[1]}.` : msg += `of type ${types[0]}.`;
  return actual == null ? msg += ` Received ${actual}` : typeof actual == "function" && actual.name ? msg += ` Received function ${actual.name}` : typeof actual == "object" && actual != null && actual.constructor?.name && (msg += ` Received an instance of ${actual.constructor.name}`), msg;
}
function invalidKeyType(alg, actual, secret) {
  const types = ["CryptoKey", "KeyObject", "JSON Web Key"];
  return secret && types.push("Uint8Array"), new TypeError(message(`Key for the ${alg} algorithm must be `, actual, ...types));
}
var unusable = (name, prop = "algorithm.name") => new TypeError(`CryptoKey does not support this operation, its ${prop} must be ${name}`);
function checkUsage(key, usage) {
  if (usage && !key.usages.includes(usage))
    throw new TypeError(`CryptoKey does not support this operation, its usages must include ${usage}.`);
}
function checkModulusLength(alg, key) {
  const { modulusLength } = key.algorithm;
  if (typeof modulusLength != "number" || modulusLength < 2048)
    throw new TypeError(`${alg} requires key modulusLength to be 2048 bits or larger`);
}
function checkCryptoKey(key, expected, usage) {
  const algorithm = key.algorithm;
  if (algorithm.name !== expected.name)
    throw unusable(expected.name);
  if (expected.hash && algorithm.hash?.name !== expected.hash)
    throw unusable(expected.hash, "algorithm.hash");
  if (expected.namedCurve && algorithm.namedCurve !== expected.namedCurve)
    throw unusable(expected.namedCurve, "algorithm.namedCurve");
  if (expected.length !== void 0 && algorithm.length !== expected.length)
    throw unusable(expected.length, "algorithm.length");
  checkUsage(key, usage);
}
function snapshotJwk(jwk) {
  return { __proto__: null, ...jwk };
}
function normalizeJwk(jwk) {
  const normalized = snapshotJwk(jwk);
  if (normalized.ext !== void 0 && typeof normalized.ext != "boolean")
    throw new TypeError('"ext" (Extractable) Parameter must be a boolean');
  if (normalized.key_ops !== void 0) {
    const value = normalized.key_ops, keyOps = Array.isArray(value) ? [...value] : void 0;
    if (!keyOps || keyOps.some((operation) => typeof operation != "string") || new Set(keyOps).size !== keyOps.length)
      throw new TypeError('"key_ops" (Key Operations) Parameter must be an array of unique strings');
    normalized.key_ops = keyOps;
  }
  return normalized;
}
async function jwkToKey(entry, jwk, extractable) {
  if (!entry.kty.includes(jwk.kty))
    throw new JOSENotSupported('Invalid or unsupported JWK "alg" (Algorithm) Parameter value');
  const algorithm = entry.resolve?.({ kty: jwk.kty, crv: jwk.crv }) ?? entry.subtle, isPrivate = !!(jwk.d || jwk.priv), keyData = { ...jwk, ext: extractable ?? jwk.ext };
  return keyData.kty !== "AKP" && delete keyData.alg, delete keyData.use, crypto.subtle.importKey("jwk", keyData, algorithm, keyData.ext ?? !isPrivate, jwk.key_ops ?? entry.usages[isPrivate ? 1 : 0]);
}
async function rawKey(key, expected, usage, extractable = false) {
  return key instanceof Uint8Array && (key = await crypto.subtle.importKey("raw", key, expected, extractable, [usage])), checkCryptoKey(key, expected, usage), key;
}

// node_modules/jose/dist/webapi/lib/key_descriptor.js
function table(entries) {
  const out = { __proto__: null };
  for (const alg in entries)
    out[alg] = { ...entries[alg], alg };
  return out;
}

// node_modules/jose/dist/webapi/lib/jws_algorithms.js
var sig = [["verify"], ["sign"]];
function hmac(bits) {
  const subtle = { name: "HMAC", hash: `SHA-${bits}` };
  return { kty: ["oct"], secret: true, subtle, signing: subtle, usages: sig };
}
function rsa(bits, saltLength) {
  const subtle = { name: saltLength ? "RSA-PSS" : "RSASSA-PKCS1-v1_5", hash: `SHA-${bits}` };
  return {
    kty: ["RSA"],
    subtle,
    signing: saltLength ? { ...subtle, saltLength } : subtle,
    usages: sig,
    minRsaBits: 2048
  };
}
function ecdsa(crv, bits) {
  return {
    kty: ["EC"],
    crv,
    subtle: { name: "ECDSA", namedCurve: crv },
    signing: { name: "ECDSA", hash: `SHA-${bits}` },
    usages: sig
  };
}
function eddsa() {
  const subtle = { name: "Ed25519" };
  return {
    kty: ["OKP"],
    crv: "Ed25519",
    subtle,
    signing: subtle,
    usages: sig
  };
}
function mldsa(parameterSet) {
  const subtle = { name: `ML-DSA-${parameterSet}` };
  return {
    kty: ["AKP"],
    subtle,
    signing: subtle,
    usages: sig
  };
}
var JWS = table({
  HS256: hmac(256),
  HS384: hmac(384),
  HS512: hmac(512),
  RS256: rsa(256),
  RS384: rsa(384),
  RS512: rsa(512),
  PS256: rsa(256, 32),
  PS384: rsa(384, 48),
  PS512: rsa(512, 64),
  ES256: ecdsa("P-256", 256),
  ES384: ecdsa("P-384", 384),
  ES512: ecdsa("P-521", 512),
  EdDSA: eddsa(),
  Ed25519: eddsa(),
  "ML-DSA-44": mldsa(44),
  "ML-DSA-65": mldsa(65),
  "ML-DSA-87": mldsa(87)
});
function jwsAlgorithm(alg) {
  const entry = typeof alg == "string" ? JWS[alg] : void 0;
  if (!entry)
    throw new JOSENotSupported(`alg ${alg} is not supported either by JOSE or your javascript runtime`);
  return entry;
}

// node_modules/jose/dist/webapi/lib/jws_verify.js
function prepareVerify(options2) {
  return [options2 && validateAlgorithms("algorithms", options2.algorithms), options2?.crit];
}
function parseProtectedHeader(encodedProtectedHeader) {
  return encodedProtectedHeader === void 0 ? {} : parseJoseHeader(encodedProtectedHeader, JWSInvalid, "JWS Protected Header is invalid");
}
function encodeCompactUnencodedPayload(payload) {
  try {
    return encode(payload);
  } catch (cause) {
    throw new JWSInvalid("JWS Compact Serialization payload must use only ASCII characters", {
      cause
    });
  }
}
async function verifySignature(jws, shared, key, encodeUnencodedPayload, parsedProtected) {
  const { protected: encodedProtectedHeader, header: header2, payload: inputPayload } = jws, protectedHeader = parsedProtected ?? parseProtectedHeader(encodedProtectedHeader);
  if (!isDisjoint(protectedHeader, header2))
    throw new JWSInvalid("JWS Protected and JWS Unprotected Header Parameter names must be disjoint");
  const joseHeader = { ...protectedHeader, ...header2 }, b64 = validateB64(protectedHeader, validateCrit(JWSInvalid, JWS_RECOGNIZED, shared[1], protectedHeader, joseHeader)), { alg } = joseHeader;
  if (typeof alg != "string" || !alg)
    throw new JWSInvalid('JWS "alg" (Algorithm) Header Parameter missing or invalid');
  if (shared[0] && !shared[0].has(alg))
    throw new JOSEAlgNotAllowed('"alg" (Algorithm) Header Parameter value not allowed');
  if (b64) {
    if (typeof inputPayload != "string")
      throw new JWSInvalid("JWS Payload must be a string");
  } else if (typeof inputPayload != "string" && !(inputPayload instanceof Uint8Array))
    throw new JWSInvalid("JWS Payload must be a string or an Uint8Array instance");
  const signingPayload = b64 || typeof inputPayload != "string" ? inputPayload : encodeUnencodedPayload(inputPayload);
  let resolvedKey = false;
  typeof key == "function" && (key = await key(protectedHeader, jws), resolvedKey = true);
  const entry = jwsAlgorithm(alg), signingInput = concat(encodedProtectedHeader !== void 0 ? encode(encodedProtectedHeader) : new Uint8Array(), encode("."), typeof signingPayload == "string" ? shared[2] ??= encodeAsciiMember(signingPayload, "payload", JWSInvalid) : signingPayload), signature = decodeBase64url(jws.signature, "signature", JWSInvalid), verificationKey = await prepareKey(entry, key, "verify"), cryptoKey = await rawKey(verificationKey, entry.subtle, "verify");
  entry.minRsaBits && checkModulusLength(entry.alg, cryptoKey);
  let verified = false;
  try {
    verified = await crypto.subtle.verify(entry.signing, cryptoKey, signature, signingInput);
  } catch (cause) {
    throw new JWSSignatureVerificationFailed(void 0, { cause });
  }
  if (!verified)
    throw new JWSSignatureVerificationFailed();
  const result = { payload: typeof signingPayload == "string" ? decodeBase64url(signingPayload, "payload", JWSInvalid) : signingPayload };
  return encodedProtectedHeader !== void 0 && (result.protectedHeader = protectedHeader), header2 !== void 0 && (result.unprotectedHeader = header2), resolvedKey ? [{ ...result, key: verificationKey }, b64] : [result, b64];
}
async function verifyCompact(jws, shared, key) {
  if (jws instanceof Uint8Array && (jws = decoder.decode(jws)), typeof jws != "string")
    throw new JWSInvalid("Compact JWS must be a string or Uint8Array");
  const { 0: protectedHeader, 1: payload, 2: signature, length } = jws.split(".");
  if (length !== 3)
    throw new JWSInvalid("Invalid Compact JWS");
  return verifySignature({ payload, protected: protectedHeader, signature }, shared, key, encodeCompactUnencodedPayload);
}

// node_modules/jose/dist/webapi/lib/jwt_claims_set.js
var epoch = (date) => Math.floor(date.getTime() / 1e3);
var multipliers = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86400,
  w: 604800,
  y: 31557600
};
var REGEX = /^(\+|\-)? ?(\d+|\d+\.\d+) ?(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w|years?|yrs?|y)(?: (ago|from now))?$/i;
var checkFailed = "check_failed";
function invalidDuration() {
  throw new TypeError("Invalid time period format");
}
function secs(str) {
  typeof str != "string" && invalidDuration();
  const matched = REGEX.exec(str);
  (!matched || matched[4] && matched[1]) && invalidDuration();
  const value = parseFloat(matched[2]), durationSeconds = Math.round(value * multipliers[matched[3][0].toLowerCase()]);
  return Number.isFinite(durationSeconds) || invalidDuration(), matched[1] === "-" || matched[4] === "ago" ? -durationSeconds : durationSeconds;
}
function validateInput(label, input) {
  if (!Number.isFinite(input))
    throw new TypeError(`Invalid ${label} input`);
  return input;
}
var normalizeTyp = (value) => {
  const normalized = value.toLowerCase();
  return value.includes("/") ? normalized : `application/${normalized}`;
};
var checkAudiencePresence = (audPayload, audOption) => typeof audPayload == "string" ? audOption.includes(audPayload) : Array.isArray(audPayload) ? audOption.some((aud) => audPayload.includes(aud)) : false;
function validateNumericDate(claimsSet, claim, required = false) {
  const value = claimsSet[claim];
  if (!(value === void 0 && !required)) {
    if (typeof value != "number")
      throw new JWTClaimValidationFailed(`"${claim}" claim must be a number`, claimsSet, claim, "invalid");
    return value;
  }
}
function unexpectedClaim(claimsSet, claim) {
  throw new JWTClaimValidationFailed(`unexpected "${claim}" claim value`, claimsSet, claim, checkFailed);
}
function validateClaimsSet(protectedHeader, claimsSetBytes, options2 = {}) {
  let claimsSet;
  try {
    claimsSet = JSON.parse(strictDecoder.decode(claimsSetBytes));
  } catch (cause) {
    throw new JWTInvalid("JWT Claims Set must be a top-level JSON object", { cause });
  }
  if (!isObject2(claimsSet))
    throw new JWTInvalid("JWT Claims Set must be a top-level JSON object");
  const { typ } = options2;
  if (typ !== void 0 && (typeof protectedHeader.typ != "string" || normalizeTyp(protectedHeader.typ) !== normalizeTyp(typ)))
    throw new JWTClaimValidationFailed('unexpected "typ" JWT header value', claimsSet, "typ", checkFailed);
  const { requiredClaims = [], issuer, subject, audience, maxTokenAge } = options2, presenceCheck = [...requiredClaims];
  maxTokenAge !== void 0 && presenceCheck.push("iat"), audience !== void 0 && presenceCheck.push("aud"), subject !== void 0 && presenceCheck.push("sub"), issuer !== void 0 && presenceCheck.push("iss");
  for (const claim of new Set(presenceCheck.reverse()))
    if (!Object.hasOwn(claimsSet, claim))
      throw new JWTClaimValidationFailed(`missing required "${claim}" claim`, claimsSet, claim, "missing");
  issuer !== void 0 && !(Array.isArray(issuer) ? issuer : [issuer]).includes(claimsSet.iss) && unexpectedClaim(claimsSet, "iss"), subject !== void 0 && claimsSet.sub !== subject && unexpectedClaim(claimsSet, "sub"), audience !== void 0 && !checkAudiencePresence(claimsSet.aud, typeof audience == "string" ? [audience] : audience) && unexpectedClaim(claimsSet, "aud");
  const { clockTolerance } = options2;
  let tolerance = 0;
  if (typeof clockTolerance == "string")
    tolerance = secs(clockTolerance);
  else if (clockTolerance !== void 0) {
    if (typeof clockTolerance != "number")
      throw new TypeError("Invalid clockTolerance option type");
    tolerance = clockTolerance;
  }
  if (validateInput("clockTolerance option", tolerance), tolerance < 0)
    throw new TypeError("Invalid clockTolerance option input");
  const { currentDate } = options2, now = validateInput("currentDate option", epoch(currentDate === void 0 ? /* @__PURE__ */ new Date() : currentDate)), iat = validateNumericDate(claimsSet, "iat", maxTokenAge !== void 0), nbf = validateNumericDate(claimsSet, "nbf");
  if (nbf !== void 0 && nbf > now + tolerance)
    throw new JWTClaimValidationFailed('"nbf" claim timestamp check failed', claimsSet, "nbf", checkFailed);
  const exp = validateNumericDate(claimsSet, "exp");
  if (exp !== void 0 && exp <= now - tolerance)
    throw new JWTExpired('"exp" claim timestamp check failed', claimsSet, "exp", checkFailed);
  if (maxTokenAge !== void 0) {
    const age = now - iat, max = validateInput("maxTokenAge option", typeof maxTokenAge == "number" ? maxTokenAge : secs(maxTokenAge));
    if (max < 0)
      throw new TypeError("Invalid maxTokenAge option input");
    if (age - tolerance > max)
      throw new JWTExpired('"iat" claim timestamp check failed (too far in the past)', claimsSet, "iat", checkFailed);
    if (age < -tolerance)
      throw new JWTClaimValidationFailed('"iat" claim timestamp check failed (it should be in the past)', claimsSet, "iat", checkFailed);
  }
  return claimsSet;
}

// node_modules/jose/dist/webapi/jwt/verify.js
async function jwtVerify(jwt, key, options2) {
  const [verified, b64] = await verifyCompact(jwt, prepareVerify(options2), key);
  if (!b64)
    throw new JWTInvalid("JWTs MUST NOT use unencoded payload");
  const payload = validateClaimsSet(verified.protectedHeader, verified.payload, options2);
  return { ...verified, payload };
}

// node_modules/jose/dist/webapi/jwks/local.js
function isUsableJWK(jwk, entry, alg, kid) {
  const { kty, key_ops: keyOps, ext, kid: jwkKid, alg: jwkAlg, use, crv } = jwk;
  return (ext === void 0 || typeof ext == "boolean") && (keyOps === void 0 || Array.isArray(keyOps) && keyOps.every((operation, index) => typeof operation == "string" && keyOps.indexOf(operation) === index) && keyOps.includes("verify")) && entry.kty.includes(kty) && (kid === void 0 || typeof kid == "string" && kid === jwkKid) && (jwkAlg === void 0 ? kty !== "AKP" : alg === jwkAlg) && (use === void 0 || use === "sig") && (!entry.crv || crv === entry.crv);
}
async function importWithAlgCache(cache2, jwk, entry) {
  const cached = cache2.get(jwk) || cache2.set(jwk, {}).get(jwk), { alg } = entry;
  if (cached[alg] === void 0) {
    const pending = jwkToKey(entry, jwk, true).then((key) => {
      if (key.type !== "public")
        throw new JWKSInvalid("JSON Web Key Set members must be public keys");
      return cached[alg] = key, key;
    }).catch((error2) => {
      throw cached[alg] === pending && delete cached[alg], error2;
    });
    cached[alg] = pending;
  }
  return cached[alg];
}
function createLocalJWKSet(jwks) {
  let snapshot;
  try {
    snapshot = structuredClone(jwks);
  } catch (cause) {
    throw new JWKSInvalid("JSON Web Key Set malformed", { cause });
  }
  if (!isJwkSet(snapshot))
    throw new JWKSInvalid("JSON Web Key Set malformed");
  const metadata = snapshot.keys.map((jwk) => {
    const normalized = snapshotJwk(jwk);
    return Array.isArray(normalized.key_ops) && (normalized.key_ops = [...normalized.key_ops]), normalized;
  }), cached = /* @__PURE__ */ new WeakMap();
  return Object.defineProperty(async (protectedHeader, token) => {
    const { alg, kid } = { ...protectedHeader, ...token?.header }, entry = typeof alg == "string" ? JWS[alg] : void 0;
    if (!entry || entry.secret)
      throw new JOSENotSupported('Unsupported "alg" value for a JSON Web Key Set');
    const candidates = snapshot.keys.filter((_, index) => isUsableJWK(metadata[index], entry, alg, kid)), { 0: jwk, length } = candidates;
    if (!length)
      throw new JWKSNoMatchingKey();
    if (length !== 1) {
      const error2 = new JWKSMultipleMatchingKeys();
      throw error2[Symbol.asyncIterator] = async function* () {
        for (const jwk2 of candidates)
          try {
            yield await importWithAlgCache(cached, jwk2, entry);
          } catch {
          }
      }, error2;
    }
    return importWithAlgCache(cached, jwk, entry);
  }, "jwks", {
    value: () => structuredClone(snapshot)
  });
}

// shared/svid.ts
var SVID_ALGORITHMS = ["ES256", "RS256"];

// action/verify-svid.ts
var MAX_DOCUMENT_BYTES = 100 * 1024;
var CLOCK_TOLERANCE_S = 60;
var REASONS = {
  ERR_JWKS_NO_MATCHING_KEY: "key_not_published",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "signature_invalid",
  ERR_JWT_EXPIRED: "expired",
  ERR_JWT_CLAIM_VALIDATION_FAILED: "claim_differs"
};
async function verifySvid(svid, expected, timeoutMs, ports2) {
  const deadlineMs = ports2.nowMs() + timeoutMs;
  const metadata = await getJson(`${expected.issuer}/.well-known/openid-configuration`, deadlineMs, ports2);
  if (metadata === void 0) return err("metadata_unreadable");
  if (metadata["issuer"] !== expected.issuer) return err("issuer_differs");
  const jwksUri = metadata["jwks_uri"];
  if (typeof jwksUri !== "string" || !URL.canParse(jwksUri) || !isConfidential(new URL(jwksUri))) {
    return err("metadata_unreadable");
  }
  const jwks = await getJson(jwksUri, deadlineMs, ports2);
  if (jwks === void 0) return err("keys_unreadable");
  return judge(svid, jwks, expected, ports2.nowMs());
}
async function judge(svid, jwks, { issuer, audience, spiffeId }, nowMs) {
  try {
    await jwtVerify(svid, createLocalJWKSet(jwks), {
      issuer,
      audience,
      subject: spiffeId,
      algorithms: [...SVID_ALGORITHMS],
      requiredClaims: ["exp"],
      currentDate: new Date(nowMs),
      clockTolerance: CLOCK_TOLERANCE_S
    });
    return ok(void 0);
  } catch (thrown) {
    if (!(thrown instanceof errors_exports.JOSEError)) throw thrown;
    return err(REASONS[thrown.code] ?? "malformed");
  }
}
async function getJson(url, deadlineMs, ports2) {
  const read = await withRetry((leftMs) => readOnce(url, leftMs, ports2), deadlineMs - ports2.nowMs(), ports2);
  return read.ok && isJsonObject(read.value) ? read.value : void 0;
}
async function readOnce(url, leftMs, ports2) {
  const headers = { accept: "application/json", "user-agent": ports2.userAgent };
  try {
    const signal = attemptSignal(leftMs, ports2);
    const answer = await ports2.fetch(url, { method: "GET", headers, redirect: "manual", signal });
    const body = parseJson(await readText(answer, MAX_DOCUMENT_BYTES));
    if (answer.status === 200) return ok(body);
    return err({ failure: "unreadable", retryable: answer.status === 429 || answer.status >= 500 });
  } catch {
    return err({ failure: "unreadable", retryable: true });
  }
}

// action/get-svid.ts
async function getSvid(inputs, subjectToken, ports2) {
  const deadlineMs = ports2.nowMs() + inputs.timeoutMs;
  const minted = await exchange({ ...inputs, subjectToken }, ports2);
  if (!minted.ok) return minted;
  const { svid, audience, spiffeId } = minted.value;
  ports2.mask(svid);
  if (!inputs.verify) return minted;
  const expected = { issuer: inputs.exchangeUrl, audience, spiffeId };
  const verified = await verifySvid(svid, expected, deadlineMs - ports2.nowMs(), ports2);
  return verified.ok ? minted : err({ code: "svid_not_verified", reason: verified.error });
}

// shared/limits.ts
var MAX_TOKEN_BYTES = 16 * 1024;
var MAX_TOKEN_HEADER_BYTES = 2 * 1024;
var MAX_JSON_DEPTH = 16;
var MAX_TOKEN_MEMBERS = 512;
var MAX_KEY_DOCUMENT_BYTES = 100 * 1024;

// shared/strict/base64url.ts
var ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
var ONLY_ALPHABET = /^[A-Za-z0-9_-]*$/;
var LEFT_OVER = { 0: 0, 2: 15, 3: 3 };
var runtime = Uint8Array;
function decodeBase64url2(text3) {
  const leftOver = LEFT_OVER[text3.length % 4];
  if (leftOver === void 0 || !ONLY_ALPHABET.test(text3)) return void 0;
  if ((ALPHABET.indexOf(text3.slice(-1)) & leftOver) !== 0) return void 0;
  return runtime.fromBase64?.(text3, { alphabet: "base64url" }) ?? decodeByAtob(text3);
}
function decodeByAtob(text3) {
  const binary = atob(text3.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
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
  const text3 = decode2(bytes);
  if (text3 === void 0) return err("is not UTF-8");
  const value = parse(text3);
  if (!isJsonObject(value)) return err("is not a JSON object");
  const { depth, members } = structureOf(text3);
  if (depth > MAX_JSON_DEPTH) return err("is nested too deep");
  if (members > maxMembers) return err("has too many members");
  const held = membersOf(value);
  if (Number.isNaN(held)) return err("has a string or number that has no exact value");
  if (held !== members) return err("has the same member twice");
  return ok(value);
}
function decode2(bytes) {
  try {
    return utf8.decode(bytes);
  } catch {
    return void 0;
  }
}
function parse(text3) {
  try {
    return JSON.parse(text3);
  } catch {
    return void 0;
  }
}
function structureOf(text3) {
  let depth = 0;
  let deepest = 0;
  let members = 0;
  for (let i = 0; i < text3.length; i++) {
    const code = text3.charCodeAt(i);
    if (code === QUOTE) i = endOfString(text3, i);
    else if (code === COLON) members++;
    else if ((code | CASE_BIT) === OPEN) deepest = Math.max(deepest, ++depth);
    else if ((code | CASE_BIT) === CLOSE) depth--;
  }
  return { depth: deepest, members };
}
function endOfString(text3, start) {
  let i = start + 1;
  for (let code = text3.charCodeAt(i); code !== QUOTE; code = text3.charCodeAt(i)) {
    i += code === BACKSLASH ? 2 : 1;
  }
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

// shared/strict/compact-jws.ts
var ascii = new TextEncoder();
function readCompactJws(token) {
  if (token.length > MAX_TOKEN_BYTES) {
    return err({ kind: "too-large", what: `is longer than ${MAX_TOKEN_BYTES} bytes` });
  }
  const dots = twoDots(token);
  if (dots === void 0) return malformed("does not have three parts");
  const [first, second] = dots;
  if (first > MAX_TOKEN_HEADER_BYTES) return malformed("has too large a header");
  const header2 = readPart(token.slice(0, first), "header");
  if (!header2.ok) return header2;
  const claims = readPart(token.slice(first + 1, second), "claims set");
  if (!claims.ok) return claims;
  const signature = decodeBase64url2(token.slice(second + 1));
  if (signature === void 0) return malformed("has a signature that is not base64url");
  const signingInput = ascii.encode(token.slice(0, second));
  return ok({ header: header2.value, claims: claims.value, signingInput, signature });
}
function twoDots(token) {
  const first = token.indexOf(".");
  const second = token.indexOf(".", first + 1);
  const shaped = first > 0 && second > first + 1 && second < token.length - 1;
  return shaped && token.indexOf(".", second + 1) === -1 ? [first, second] : void 0;
}
function readPart(text3, part) {
  const bytes = decodeBase64url2(text3);
  if (bytes === void 0) return malformed(`has a ${part} that is not base64url`);
  const parsed = parseStrictObject(bytes, MAX_TOKEN_MEMBERS);
  return parsed.ok ? parsed : malformed(`has a ${part} that ${parsed.error}`);
}
function malformed(what) {
  return err({ kind: "malformed", what });
}

// shared/client/unverified-token.ts
function unverifiedToken(token) {
  const read = readCompactJws(token);
  if (!read.ok) return void 0;
  const { header: header2, claims } = read.value;
  return { header: header2, claims };
}

// action/id-token.ts
function idTokensOf(service, audience, ports2) {
  let claims;
  const next = async (signal) => {
    if (service === void 0) return err({ retryable: false, failure: { code: "id_token_not_offered" } });
    const token = await requestIdToken(service, audience, ports2, signal);
    if (!token.ok) return token;
    ports2.mask(token.value);
    claims = unverifiedToken(token.value)?.claims;
    return token;
  };
  return { next, lastClaims: () => claims };
}

// shared/duration.ts
var UNITS = { d: 86400, h: 3600, m: 60, s: 1 };
var DURATION = /^(0|[1-9][0-9]{0,8})([smhd])$/;
function parseDuration(text3) {
  const [, count, unit] = DURATION.exec(text3) ?? [];
  return count === void 0 ? void 0 : Number(count) * UNITS[unit];
}

// action/inputs.ts
var BOOLEANS = /* @__PURE__ */ new Map([
  ["", false],
  ["false", false],
  ["true", true]
]);
var RESERVED_VARIABLE = /^(GITHUB|RUNNER|ACTIONS|INPUT|STATE|LD|DYLD|NODE)_|^(PATH|HOME|SHELL|IFS|CI|BASH_ENV|ENV)$/i;
var VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
var MIN_TIMEOUT_S = 1;
var MAX_TIMEOUT_S = 3600;
function readInputs(get) {
  const problems = [];
  const read = (input, parse2) => {
    const parsed = parse2(get(input));
    if (parsed.ok) return parsed.value;
    problems.push({ input, problem: parsed.error });
    return void 0;
  };
  const exchangeUrl = read("exchange-url", exchangeUrlOf);
  const exportEnv = read("export-env", variableOf);
  const dryRun = read("dry-run", booleanOf);
  const verify = read("verify", booleanOf);
  const timeoutMs = read("timeout", timeoutOf);
  const complete = exchangeUrl !== void 0 && dryRun !== void 0 && verify !== void 0;
  if (!complete || timeoutMs === void 0 || problems.length > 0) return err(problems);
  return ok({
    exchangeUrl,
    ...optional("audience", get("audience")),
    ...optional("policy", get("policy")),
    tokenAudience: get("token-audience") || exchangeUrl,
    ...optional("svidFile", get("svid-file")),
    ...optional("exportEnv", exportEnv ?? ""),
    dryRun,
    verify,
    timeoutMs
  });
}
function exchangeUrlOf(text3) {
  if (text3 === "") return err("is missing: set it to the URL of your exchange");
  const url = parseExchangeUrl(text3);
  return url.ok ? url : err(`cannot be used: ${url.error}`);
}
function variableOf(text3) {
  if (text3 === "") return ok("");
  if (!VARIABLE.test(text3)) return err("is not the name of an environment variable");
  if (RESERVED_VARIABLE.test(text3))
    return err("names a variable that has another meaning; choose your own name");
  return ok(text3);
}
function booleanOf(text3) {
  const value = BOOLEANS.get(text3.toLowerCase());
  return value === void 0 ? err("is neither true nor false") : ok(value);
}
function timeoutOf(text3) {
  const seconds = parseDuration(text3 === "" ? "1m" : text3);
  if (seconds === void 0) return err("is not a duration such as 30s or 2m");
  if (seconds < MIN_TIMEOUT_S || seconds > MAX_TIMEOUT_S) return err("is not between 1s and 1h");
  return ok(seconds * 1e3);
}
function optional(name, value) {
  return value === "" ? {} : { [name]: value };
}

// action/job.ts
var DEPENDABOT2 = "dependabot[bot]";
var FORK_EVENTS = /* @__PURE__ */ new Set(["pull_request", "pull_request_review", "pull_request_review_comment"]);
function jobOf(context2, env) {
  const docs = docsUrl(context2, env);
  return {
    event: context2.eventName ?? "",
    restriction: restrictionOf(context2),
    platform: env["FORGEJO_ACTIONS"] === "true" || env["GITEA_ACTIONS"] === "true" ? "forgejo" : "github",
    ...docs === void 0 ? {} : { docs }
  };
}
function restrictionOf({ eventName, actor, payload }) {
  if (actor === DEPENDABOT2 || member(payload, "pull_request", "user", "login") === DEPENDABOT2)
    return "dependabot";
  if (!FORK_EVENTS.has(eventName)) return "none";
  const base = member(payload, "pull_request", "base", "repo", "id");
  const head = member(payload, "pull_request", "head", "repo", "id");
  return base !== void 0 && head !== base ? "fork" : "none";
}
function docsUrl({ serverUrl }, env) {
  const repository = env["GITHUB_ACTION_REPOSITORY"] ?? "";
  const ref = env["GITHUB_ACTION_REF"] ?? "";
  if (repository === "" || ref === "") return void 0;
  return `${serverUrl}/${repository}/blob/${ref}/docs`;
}
function member(payload, ...path2) {
  let value = payload;
  for (const name of path2) value = isJsonObject(value) ? value[name] : void 0;
  return value;
}

// action/outputs.ts
var import_node_os = require("node:os");

// shared/client/svid-file.ts
var OWNER_ONLY = 384;
function freshSvidFile(temp, { fs: fs3, path: path2 }) {
  const folder = fs3.mkdtempSync(path2.join(temp, "svid-exchange-"));
  return { path: path2.join(folder, "svid.jwt"), folder };
}
function writeSvidFile(file, svid, { fs: fs3, path: path2, randomName }) {
  const fresh = path2.join(path2.dirname(file.path), `.${path2.basename(file.path)}.${randomName()}`);
  try {
    fs3.writeFileSync(fresh, svid, { flag: "wx", mode: OWNER_ONLY });
    fs3.chmodSync(fresh, OWNER_ONLY);
    fs3.renameSync(fresh, file.path);
  } catch (error2) {
    fs3.rmSync(fresh, { force: true });
    throw error2;
  }
}

// shared/time.ts
function formatInstant(seconds) {
  return `${new Date(seconds * 1e3).toISOString().slice(0, 19)}Z`;
}

// action/svid-file.ts
var import_node_crypto = require("node:crypto");
var fs2 = __toESM(require("node:fs"), 1);
var path = __toESM(require("node:path"), 1);
var SVID_FILE_STATE = "svid-file";
var filePorts = { fs: fs2, path, randomName: import_node_crypto.randomUUID };
function placeSvidFile(named, temp) {
  if (named === void 0) return freshSvidFile(temp, filePorts);
  const file = { path: path.resolve(named) };
  fs2.mkdirSync(path.dirname(file.path), { recursive: true });
  return file;
}

// action/outputs.ts
function publishPlan(plan2) {
  info(
    printable(
      `The SVID would be ${plan2.spiffeId} for ${plan2.audience}, granted by the policy ${plan2.policy}.`
    )
  );
  publishDecision(plan2);
}
function publishSvid(minted, inputs) {
  const { svid, spiffeId, audience, policy } = minted;
  const file = placeSvidFile(inputs.svidFile, process.env["RUNNER_TEMP"] || (0, import_node_os.tmpdir)());
  saveState(SVID_FILE_STATE, JSON.stringify(file));
  writeSvidFile(file, svid, filePorts);
  publishDecision(minted);
  if (process.env["GITHUB_OUTPUT"]) setOutput("svid", svid);
  setOutput("svid-file", file.path);
  setOutput("expires-at", expiry(svid));
  if (inputs.exportEnv !== void 0) exportVariable(inputs.exportEnv, file.path);
  info(printable(`The SVID is ${spiffeId} for ${audience}, granted by the policy ${policy}.`));
  info(printable(`The file ${file.path} holds it. It expires at ${expiry(svid)}.`));
}
function publishDecision({ spiffeId, audience, policy }) {
  setOutput("spiffe-id", spiffeId);
  setOutput("audience", audience);
  setOutput("policy", policy);
}
function expiry(svid) {
  const exp = unverifiedToken(svid)?.claims["exp"];
  return typeof exp === "number" ? formatInstant(exp) : "";
}
function printable(line) {
  return line.replace(new RegExp("\\p{Cc}", "gu"), "?");
}

// action/proxied-fetch.ts
var http = __toESM(require("node:http"), 1);
var https = __toESM(require("node:https"), 1);
var proxiedFetch = (url, request5) => new Promise((resolve2, reject) => {
  const target2 = new URL(url);
  const sent = open(target2, options(target2, request5));
  sent.on("error", reject);
  sent.on("response", (response) => resolve2(responseOf(response)));
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

// action/report.ts
async function reportFailure(explanation, facts) {
  const lines = [
    ...explanation.text,
    ...explanation.checks.filter(({ pass }) => !pass).map(failedCheck),
    ...explanation.yaml ?? [],
    `More: ${link(explanation, facts)}`
  ];
  error(lines.join("\n"), { title: explanation.title });
  if (process.env["GITHUB_STEP_SUMMARY"]) await writeSummary(explanation, facts);
}
function failedCheck({ policy, attribute, value }) {
  return `- policy ${policy}: ${attribute} ${value === null ? "is absent" : `is ${JSON.stringify(value)}`}`;
}
function link({ page }, { job }) {
  return `${job.docs ?? "docs"}/${page}`;
}
async function writeSummary(explanation, facts) {
  summary.addHeading(escapeHtml(explanation.title), 3);
  for (const line of explanation.text) summary.addRaw(`<p>${escapeHtml(line)}</p>`, true);
  if (explanation.yaml !== void 0)
    summary.addCodeBlock(explanation.yaml.map(escapeHtml).join("\n"), "yaml");
  if (explanation.checks.length > 0) summary.addTable(checkRows(explanation.checks));
  if (facts.claims !== void 0) {
    summary.addHeading("What this job's ID token says", 4).addTable(claimRows(facts.claims));
  }
  const more = escapeHtml(link(explanation, facts));
  summary.addRaw(
    facts.job.docs === void 0 ? `<p>${more}</p>` : `<p><a href="${more}">${more}</a></p>`,
    true
  );
  await summary.write();
}
function checkRows(checks) {
  return [
    header("Policy", "Attribute", "This job has", "Result"),
    ...checks.map(({ policy, attribute, value, pass }) => [
      codeCell(policy),
      codeCell(attribute),
      value === null ? "absent" : codeCell(value),
      pass ? "✅ holds" : "❌ fails"
    ])
  ];
}
var OF_THE_MOMENT = /* @__PURE__ */ new Set(["jti", "iat", "nbf", "exp"]);
function claimRows(claims) {
  const lasting = Object.entries(claims).filter(([name]) => !OF_THE_MOMENT.has(name));
  return [
    header("Claim", "Value"),
    ...lasting.map(([name, value]) => [codeCell(name), codeCell(text2(value))])
  ];
}
function header(...names) {
  return names.map((data) => ({ data, header: true }));
}
function text2(value) {
  return typeof value === "string" ? value : JSON.stringify(value);
}
function codeCell(value) {
  return `<code>${escapeHtml(value)}</code>`;
}
var ENTITIES = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;"
};
function escapeHtml(value) {
  return value.replace(new RegExp("\\p{Cc}", "gu"), (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

// action/main.ts
var ports = {
  fetch: proxiedFetch,
  nowMs: Date.now,
  sleep: async (ms) => (0, import_promises.setTimeout)(ms),
  random: Math.random,
  timeoutSignal: (ms) => AbortSignal.timeout(ms),
  mask: setSecret,
  userAgent: "svid-exchange-action"
};
async function main() {
  const job = jobOf(context, process.env);
  const inputs = readInputs(getInput);
  if (!inputs.ok) return fail({ code: "input_invalid", problems: inputs.error }, { job });
  const service = idTokenService(ID_TOKEN_PROTOCOLS.github, process.env);
  const idTokens = idTokensOf(service, inputs.value.tokenAudience, ports);
  const facts = () => ({ job, inputs: inputs.value, claims: idTokens.lastClaims() });
  if (inputs.value.dryRun) {
    const planned = await plan({ ...inputs.value, subjectToken: idTokens.next }, ports);
    return planned.ok ? publishPlan(planned.value) : fail(planned.error, facts());
  }
  const minted = await getSvid(inputs.value, idTokens.next, ports);
  return minted.ok ? publishSvid(minted.value, inputs.value) : fail(minted.error, facts());
}
async function fail(failure2, facts) {
  process.exitCode = ExitCode.Failure;
  await reportFailure(explain(failure2, facts), facts);
}
main().catch((bug) => setFailed(bug instanceof Error ? bug : String(bug)));
