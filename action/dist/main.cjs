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
function issueCommand(command, properties, message) {
  const cmd = new Command(command, properties, message);
  process.stdout.write(cmd.toString() + os.EOL);
}
var CMD_STRING = "::";
var Command = class {
  constructor(command, properties, message) {
    if (!command) {
      command = "missing.command";
    }
    this.command = command;
    this.properties = properties;
    this.message = message;
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
function issueFileCommand(command, message) {
  const filePath = process.env[`GITHUB_${command}`];
  if (!filePath) {
    throw new Error(`Unable to find environment variable for file command ${command}`);
  }
  if (!fs.existsSync(filePath)) {
    throw new Error(`Missing file at path: ${filePath}`);
  }
  fs.appendFileSync(filePath, `${toCommandValue(message)}${os2.EOL}`, {
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
    return value instanceof P ? value : new P(function(resolve4) {
      resolve4(value);
    });
  }
  return new (P || (P = Promise))(function(resolve4, reject) {
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
      result.done ? resolve4(result.value) : adopt(result.value).then(fulfilled, rejected);
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
  wrap(tag, content, attrs = {}) {
    const htmlAttrs = Object.entries(attrs).map(([key, value]) => ` ${key}="${value}"`).join("");
    if (!content) {
      return `<${tag}${htmlAttrs}>`;
    }
    return `<${tag}${htmlAttrs}>${content}</${tag}>`;
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
    const tag = ordered ? "ol" : "ul";
    const listItems = items.map((item) => this.wrap("li", item)).join("");
    const element = this.wrap(tag, listItems);
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
        const tag = header2 ? "th" : "td";
        const attrs = Object.assign(Object.assign({}, colspan && { colspan }), rowspan && { rowspan });
        return this.wrap(tag, data, attrs);
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
    const tag = `h${level}`;
    const allowedTag = ["h1", "h2", "h3", "h4", "h5", "h6"].includes(tag) ? tag : "h1";
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
function setFailed(message) {
  process.exitCode = ExitCode.Failure;
  error(message);
}
function error(message, properties = {}) {
  issueCommand("error", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function info(message) {
  process.stdout.write(message + os3.EOL);
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
        const path5 = process.env.GITHUB_EVENT_PATH;
        process.stdout.write(`GITHUB_EVENT_PATH ${path5} does not exist${import_os2.EOL}`);
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
function isConfidential({ protocol, hostname }) {
  return protocol === "https:" || protocol === "http:" && isLoopback(hostname);
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
function tokenEndpoint(exchange2) {
  return `${exchange2}/token`;
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
function withUserAgent(fetch, userAgent) {
  return (url, request5) => fetch(url, { ...request5, headers: { ...request5.headers, "user-agent": userAgent } });
}
var ATTEMPT_TIMEOUT_MS = 1e4;
function attemptSignal(leftMs, { timeoutSignal }) {
  return timeoutSignal(Math.max(1, Math.min(ATTEMPT_TIMEOUT_MS, leftMs)));
}
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
function ownMember(object, name) {
  return Object.hasOwn(object, name) ? object[name] : void 0;
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

// shared/spiffe-id.ts
var MAX_TRUST_DOMAIN_BYTES = 255;
var MAX_SPIFFE_ID_BYTES = 2048;
var SCHEME = "spiffe://";
var TRUST_DOMAIN = /^[a-z0-9._-]+$/;
var SEGMENT = /^[A-Za-z0-9._-]+$/;
var RESERVED_FIRST_SEGMENT = "spire";
function parseTrustDomain(text3) {
  if (text3 === "") return err("the trust domain is empty (SPIFFE-ID 2.1)");
  if (text3.length > MAX_TRUST_DOMAIN_BYTES)
    return err("the trust domain is longer than 255 bytes (SPIFFE-ID 2.3)");
  if (!TRUST_DOMAIN.test(text3)) {
    return err("a trust domain may hold only a-z, 0-9, '.', '-' and '_' (SPIFFE-ID 2.1)");
  }
  return ok(text3);
}
function segmentProblem(segment) {
  if (segment === "") return "a path segment is empty (SPIFFE-ID 2.2)";
  if (segment === "." || segment === "..") return "a path segment is '.' or '..' (SPIFFE-ID 2.2)";
  if (!SEGMENT.test(segment)) {
    return "a path segment may hold only letters, digits, '.', '-' and '_' (SPIFFE-ID 2.2)";
  }
  return void 0;
}
function parseSpiffeId(text3) {
  if (text3.length > MAX_SPIFFE_ID_BYTES)
    return err("the SPIFFE ID is longer than 2048 bytes (SPIFFE-ID 2.3)");
  if (!text3.startsWith(SCHEME)) return err("a SPIFFE ID starts with spiffe:// (SPIFFE-ID 2)");
  const [authority = "", ...segments] = text3.slice(SCHEME.length).split("/");
  const trustDomain = parseTrustDomain(authority);
  if (!trustDomain.ok) return trustDomain;
  const problem = pathProblem(segments);
  return problem === void 0 ? ok(text3) : err(problem);
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
function parsePlan(status2, body) {
  const members = isJsonObject(body) ? body : {};
  if (status2 !== 200) return err(failure(status2, members));
  const decided = decision(members);
  const minted = Object.hasOwn(members, "access_token");
  if (decided === void 0 || minted || members["dry_run"] !== true) return notAnExchange(status2);
  const { seconds: lifetime, ...rest } = decided;
  return ok({ lifetime, ...rest });
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
  const error2 = text(members, "error");
  if (!ERROR.test(error2)) return { code: "not_an_exchange", status: status2 };
  const code = text(members, "code");
  const requestId = text(members, "request_id");
  const checks = members["checks"];
  return {
    code: "refused",
    refusal: {
      status: status2,
      error: error2,
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

// shared/client/retry.ts
var FIRST_DELAY_MS = 250;
var MAX_DELAY_MS = 8e3;
var MAX_ATTEMPTS = 20;
function delayMs(attempt3, retryAfterMs, random) {
  const ceiling = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt3 - 1));
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
function nextAttempt({ status: status2, headers }, nowMs) {
  const retryAfterMs = parseRetryAfter(headers.get("retry-after"), nowMs);
  const retryable = status2 === 429 || status2 >= 500;
  return { retryable, ...retryAfterMs === void 0 ? {} : { retryAfterMs } };
}
var TIMER_SLACK_MS = 20;
async function withRetry(attempt3, timeoutMs, ports2) {
  const deadline = ports2.nowMs() + timeoutMs;
  let earlier;
  for (let attempts = 1; ; attempts += 1) {
    const outcome = await attempt3(deadline - ports2.nowMs());
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

// shared/client/token-request.ts
var MAX_RESPONSE_BYTES = 64 * 1024;
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
function exchange(options2, ports2) {
  return request2(options2, { dryRun: false, parse: parseMinted }, ports2);
}
function plan(options2, ports2) {
  return request2(options2, { dryRun: true, parse: parsePlan }, ports2);
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
    const response = await ports2.fetch(url, tokenRequest(form, signal));
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
    const request5 = idTokenRequest(service, signal);
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
function idTokenRequest({ protocol, bearer }, signal) {
  const headers = { accept: "application/json", authorization: `Bearer ${bearer}` };
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

// action/background/begin.ts
var path3 = __toESM(require("node:path"), 1);

// shared/workload-api/socket-folder.ts
var OWNER_ONLY = 448;
function newSocketFolder(temps, name, { fs: fs5, path: path5, platform }) {
  const prefixes = temps.map((temp) => path5.join(temp, "svid-exchange-"));
  const fitting = prefixes.find((prefix) => fitsSocket(path5.join(`${prefix}XXXXXX`, name), platform));
  return fs5.mkdtempSync(fitting ?? path5.join(temps[0], "svid-exchange-"));
}
function namedSocket(place, { fs: fs5, path: path5, platform }) {
  if (!fitsSocket(place, platform)) {
    return err({ code: "path_too_long", limitBytes: maxSocketPathBytes(platform) });
  }
  const folder = path5.dirname(place);
  fs5.mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
  const mode = fs5.statSync(folder).mode & 511;
  if ((mode & ~OWNER_ONLY) !== 0) return err({ code: "folder_too_open", folder, mode });
  return ok({ path: place, dispose: () => {
  } });
}
function maxSocketPathBytes(platform) {
  return platform === "linux" ? 107 : 103;
}
function fitsSocket(path5, platform) {
  return new TextEncoder().encode(path5).length <= maxSocketPathBytes(platform);
}

// action/background/owner.ts
var import_node_fs = require("node:fs");
function ownerOf(pid) {
  if (pid === 0) return void 0;
  const startedAt = startOf(pid);
  return startedAt === void 0 ? { pid } : { pid, startedAt };
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
var import_node_os = require("node:os");
var path = __toESM(require("node:path"), 1);
var BACKGROUND_STATE = "background";
var folderPorts = { fs: fs2, path, platform: process.platform };
var API_SOCKET = path.join("workload-api", "api.sock");
function makeFolder() {
  const temp = path.resolve(process.env["RUNNER_TEMP"] || (0, import_node_os.tmpdir)());
  const others = process.platform === "win32" ? [] : [(0, import_node_os.tmpdir)(), "/tmp"];
  return newSocketFolder([temp, ...others], API_SOCKET, folderPorts);
}
function apiSocketIn(folder) {
  return path.join(folder, API_SOCKET);
}
function logFileIn(folder) {
  return path.join(folder, "log.txt");
}
function readLog(folder) {
  try {
    return fs2.readFileSync(logFileIn(folder), "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}
function discard({ folder, socket }) {
  if (socket !== void 0) fs2.rmSync(socket, { force: true });
  fs2.rmSync(folder, { force: true, recursive: true });
}

// action/background/start.ts
var import_node_child_process = require("node:child_process");
var fs3 = __toESM(require("node:fs"), 1);
var path2 = __toESM(require("node:path"), 1);

// action/background/environment.ts
var NEEDED = [
  "ACTIONS_ID_TOKEN_REQUEST_URL",
  "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
  "RUNNER_TEMP",
  "RUNNER_TRACKING_ID",
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "NO_PROXY",
  "NODE_EXTRA_CA_CERTS",
  "NODE_OPTIONS",
  "SSL_CERT_DIR",
  "SSL_CERT_FILE",
  "SYSTEMROOT",
  "TEMP",
  "TMP",
  "TMPDIR"
];
function backgroundEnvironment(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => NEEDED.includes(name.toUpperCase())));
}

// action/background/start.ts
var STARTUP_MS = 1e4;
async function startBackground(assignment, timeoutMs) {
  const child = spawnDetached(assignment.folder);
  const reply = await replyOf(child, assignment, timeoutMs + STARTUP_MS);
  if ("failed" in reply || child.pid === void 0) {
    child.kill("SIGKILL");
    return err("failed" in reply ? reply.failed : notReady("it has no pid", assignment));
  }
  child.disconnect();
  child.unref();
  return ok({ pid: child.pid, ...reply.ready });
}
function spawnDetached(folder) {
  const [, step = ""] = process.argv;
  const log = fs3.openSync(logFileIn(folder), "a", 384);
  try {
    return (0, import_node_child_process.spawn)(process.execPath, [path2.join(path2.dirname(step), "serve.cjs")], {
      detached: true,
      env: backgroundEnvironment(process.env),
      windowsHide: true,
      stdio: ["ignore", log, log, "ipc"]
    });
  } finally {
    fs3.closeSync(log);
  }
}
function replyOf(child, assignment, timeoutMs) {
  const { promise, resolve: resolve4 } = Promise.withResolvers();
  const give = (how) => resolve4({ failed: notReady(how, assignment) });
  const timer = setTimeout(() => give(`it did not answer in ${timeoutMs / 1e3} s`), timeoutMs);
  child.once("message", (reply) => resolve4(reply));
  child.once("error", ({ message }) => give(message));
  child.once("exit", (code, signal) => give(`it ended (${signal ?? `exit code ${code}`})`));
  child.send(assignment, () => {
  });
  return promise.finally(() => clearTimeout(timer));
}
function notReady(how, { folder }) {
  return { code: "background_not_ready", how, log: readLog(folder) };
}

// action/background/begin.ts
async function beginBackground(assigned, save) {
  const folder = makeFolder();
  const place = placeOf(assigned.inputs.workloadApi, folder);
  if (!place.ok) {
    discard({ folder });
    return place;
  }
  const { listenAt } = place.value;
  const socket = listenAt !== void 0 && "path" in listenAt ? { socket: listenAt.path } : {};
  const state = { folder, ...socket };
  save(state);
  const owner = ownerOf(process.ppid);
  const assignment = { ...assigned, folder, ...place.value, ...owner === void 0 ? {} : { owner } };
  const begun = await startBackground(assignment, assigned.inputs.timeoutMs);
  if (begun.ok) save({ ...state, pid: begun.value.pid });
  else discard(begun.error.code === "address_unusable" ? { folder } : state);
  return begun;
}
var ANY_PORT = { host: "127.0.0.1", port: 0 };
function placeOf(place, folder) {
  if (place === void 0) return ok({});
  if (place.kind === "tcp") return ok({ listenAt: ANY_PORT });
  const address = path3.resolve(place.path ?? apiSocketIn(folder));
  try {
    const socket = namedSocket(address, folderPorts);
    return socket.ok ? ok({ listenAt: { path: address } }) : err(refused(socket.error));
  } catch (error2) {
    const errno = error2 instanceof Error && "code" in error2 ? String(error2.code) : "unknown";
    return err({ code: "address_unusable", address, errno });
  }
}
function refused(problem) {
  const text3 = problem.code === "path_too_long" ? `names a path that is longer than the ${problem.limitBytes} bytes that the path of a socket may have: choose a shorter one` : `is in a folder that other users may enter (mode ${problem.mode.toString(8)}): choose a folder of mode 700, or one that does not exist`;
  return { code: "input_invalid", problems: [{ input: "socket", problem: text3 }] };
}

// shared/printable.ts
var UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
var COMMAND = /##(?=\[|vso\[|teamcity\[)|^\s*::/giu;
function printable(text3) {
  return text3.replace(UNPRINTABLE, escaped).replace(COMMAND, (command) => {
    const last = command.length - 1;
    return command.slice(0, last) + escaped(command.charAt(last));
  });
}
function escaped(character) {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
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
  const text3 = decode(bytes);
  if (text3 === void 0) return err("is not UTF-8");
  const value = parse(text3);
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
function parse(text3) {
  try {
    return JSON.parse(text3);
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
      discard2(body);
      return err({ url, what: `answered with status ${status2}`, status: status2 });
    }
    if (!mayBeJson(received.get("content-type"))) {
      discard2(body);
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
function isFetchable(text3) {
  if (!URL.canParse(text3)) return false;
  const url = new URL(text3);
  if (url.username !== "" || url.password !== "" || url.hash !== "") return false;
  return isConfidential(url);
}
function discard2(body) {
  body?.[Symbol.asyncIterator]().return?.().catch(() => void 0);
}

// shared/client/read-document.ts
function readOnce(timeoutMs, ports2) {
  const { fetch } = ports2;
  return (url) => fetchJsonObject({ fetch, timeoutSignal: () => attemptSignal(timeoutMs, ports2) }, url);
}
function readWithRetry(timeoutMs, ports2) {
  const deadlineMs = ports2.nowMs() + timeoutMs;
  return async (url) => {
    const leftMs = deadlineMs - ports2.nowMs();
    const read = await withRetry((left) => attempt2(url, left, ports2), leftMs, ports2);
    return read.ok ? read : err(read.error.failure);
  };
}
async function attempt2(url, leftMs, ports2) {
  const read = await readOnce(leftMs, ports2)(url);
  return read.ok ? read : err({ failure: read.error, retryable: mayPass(read.error) });
}
function mayPass({ status: status2, thrown }) {
  if (status2 !== void 0) return status2 === 429 || status2 >= 500;
  return thrown !== void 0 && mayRecover(networkError(thrown).cause);
}

// shared/grpc/timeout.ts
var LONGEST_TIMER_MS = 2 ** 31 - 1;

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
function decodeBase64url(text3) {
  const bytes = decodeLeniently(text3);
  return bytes !== void 0 && encodeBase64url(bytes) === text3 ? bytes : void 0;
}
function decodeLeniently(text3) {
  try {
    return runtime.fromBase64?.(text3, { alphabet: "base64url" }) ?? decodeByAtob(text3);
  } catch {
    return void 0;
  }
}
function decodeByAtob(text3) {
  const binary = atob(text3.replaceAll("-", "+").replaceAll("_", "/"));
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
  const text3 = jwk[name];
  const bytes = typeof text3 === "string" ? decodeBase64url(text3) : void 0;
  if (typeof text3 !== "string" || bytes === void 0 || bytes.length === 0) {
    return err(keyFault("member_unreadable", name));
  }
  if (size !== void 0 && bytes.length !== size) return err(keyFault("coordinate_size", name));
  return ok({ text: text3, bytes });
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
async function keysAt(url, use, read) {
  const document = await read(url);
  if (!document.ok) return err({ ...document.error, code: "keys_unreadable" });
  const keys = readKeySet(document.value, use);
  if (!keys.ok) return err({ code: "keys_unreadable", url, what: keys.error });
  return ok({ ...keys.value, document: document.value });
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

// shared/grpc/protobuf-reader.ts
var MAX_FIELD_NUMBER = 2 ** 29 - 1;

// shared/grpc/health.ts
var SERVING = Uint8Array.of(8, 1);

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
  const header2 = readPart(token.slice(0, first), "header");
  if (!header2.ok) return header2;
  const claims = readPart(token.slice(first + 1, second), "claims set");
  if (!claims.ok) return claims;
  const signature = decodeBase64url(token.slice(second + 1));
  if (signature === void 0) return malformed("has a signature that is not base64url");
  const signingInput = ascii2.encode(token.slice(0, second));
  return ok({ header: header2.value, claims: claims.value, signingInput, signature });
}
function twoDots(token) {
  const first = token.indexOf(".");
  const second = token.indexOf(".", first + 1);
  const shaped = first > 0 && second > first + 1 && second < token.length - 1;
  return shaped && token.indexOf(".", second + 1) === -1 ? [first, second] : void 0;
}
function readPart(text3, part) {
  const bytes = decodeBase64url(text3);
  if (bytes === void 0) return malformed(`has a ${part} that is not base64url`);
  const parsed = parseStrictObject(bytes, MAX_TOKEN_MEMBERS);
  return parsed.ok ? parsed : malformed(`has a ${part} that ${parsed.error}`);
}
function malformed(what) {
  return err({ kind: "malformed", what });
}

// shared/verify/refusal.ts
function refuse(code, what) {
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
  return err(refuse(code, what));
}

// shared/verify/header.ts
var PARAMETERS = /* @__PURE__ */ new Set(["alg", "kid", "typ"]);
var TYPES = /* @__PURE__ */ new Set([void 0, "JWT", "JOSE"]);
function judgeSvidHeader(header2) {
  if (!Object.keys(header2).every((name) => PARAMETERS.has(name))) {
    return err(refuse("header_refused", "has a header parameter other than alg, kid and typ"));
  }
  const algorithm = JWT_SVID_ALGORITHMS.find((name) => name === header2["alg"]);
  if (algorithm === void 0) {
    return err(refuse("algorithm_refused", `is not signed with one of ${JWT_SVID_ALGORITHMS.join(", ")}`));
  }
  if (!TYPES.has(header2["typ"])) return err(refuse("header_refused", "has a typ that is not JWT or JOSE"));
  const { kid } = header2;
  if (typeof kid !== "string" || kid === "") {
    return err(refuse("header_refused", "has no kid, or a kid that is not text"));
  }
  return ok({ algorithm, kid });
}

// shared/verify/svid.ts
async function judgeSvid(token, expected, now) {
  const read = readCompactJws(token);
  if (!read.ok) return err(refuse("malformed", read.error.what));
  const { header: header2, claims } = read.value;
  const judged = judgeSvidHeader(header2);
  if (!judged.ok) return judged;
  const key = await keyFor(judged.value, expected.keys);
  if (!key.ok) return key;
  if (!await verifySignature(judged.value.algorithm, key.value, read.value)) {
    return err(refuse("signature_invalid", "has a signature that does not fit the key of its kid"));
  }
  const registered = judgeSvidClaims(claims, expected, now);
  if (!registered.ok) return registered;
  return ok({ ...registered.value, ...judged.value, claims });
}
async function keyFor({ kid, algorithm }, keys) {
  const key = keys.get(kid);
  if (key === void 0) return err(refuse("key_not_published", "names a key that is not published"));
  if (!fitsAlgorithm(key, algorithm))
    return err(refuse("key_unfit", "names a key that is for another algorithm"));
  const imported = await importKey(key, algorithm);
  return imported === void 0 ? err(refuse("key_unfit", "names a key that cannot be used here")) : ok(imported);
}

// shared/workload-api/service.ts
var MAX_REQUEST_BYTES = 64 * 1024;

// shared/workload-api/open.ts
var ENDPOINT_VARIABLE = "SPIFFE_ENDPOINT_SOCKET";

// action/background/publish.ts
function saveBackground(state) {
  saveState(BACKGROUND_STATE, JSON.stringify(state));
}
function publishEndpoint({ endpoint }) {
  if (endpoint === void 0) return;
  exportVariable(ENDPOINT_VARIABLE, endpoint);
  setOutput("spiffe-endpoint-socket", endpoint);
  info(printable(`The SPIFFE Workload API of this job is at ${endpoint}`));
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
function logOrNothing(log) {
  return log.length === 0 ? ["(it is empty)"] : log;
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
      return unreachable(failure2, facts);
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
      return refused3(failure2.status);
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
function refused3(status2) {
  const isTrouble = status2 >= 500 || status2 === 429;
  return {
    code: "id_token_refused",
    title: `The runner's token service answered with status ${status2}`,
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
async function getSvid(options2, ports2) {
  const { outcome, sentAtMs } = await withSendingTime((timed) => exchange(options2, timed), ports2);
  if (!outcome.ok) return outcome;
  const exchanged = {
    ...outcome.value,
    sentAtMs,
    expiresAtMs: sentAtMs + outcome.value.expiresIn * 1e3
  };
  if (!options2.verify) return ok(exchanged);
  const read = readWithRetry(DOCUMENTS_TIMEOUT_MS, ports2);
  const judged = await verifyMinted(exchanged, options2.exchangeUrl, read, ports2.nowMs);
  return judged.ok ? ok(exchanged) : err({ code: "svid_not_verified", failure: judged.error });
}
async function withSendingTime(send, ports2) {
  let sentAtMs = 0;
  const fetch = (address, request5) => {
    sentAtMs = ports2.nowMs();
    return ports2.fetch(address, request5);
  };
  const outcome = await send({ ...ports2, fetch });
  return { outcome, sentAtMs };
}

// action/get-masked-svid.ts
async function getMaskedSvid(inputs, subjectToken, ports2) {
  const deadlineMs = ports2.nowMs() + inputs.timeoutMs;
  const minted = await getSvid({ ...inputs, verify: false, subjectToken }, ports2);
  if (!minted.ok) return minted;
  ports2.mask(minted.value.svid);
  if (!inputs.verify) return minted;
  const read = readWithRetry(deadlineMs - ports2.nowMs(), ports2);
  const verified = await verifyMinted(minted.value, inputs.exchangeUrl, read, ports2.nowMs);
  return verified.ok ? minted : err({ code: "svid_not_verified", failure: verified.error });
}

// shared/client/unverified-jwt.ts
function unverifiedJwt(token) {
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
    claims = unverifiedJwt(token.value)?.claims;
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
function wantsFile({ workloadApi, renew, audience, svidFile, exportEnv }) {
  const isAsked = renew || [audience, svidFile, exportEnv].some((value) => value !== void 0);
  return workloadApi === void 0 || isAsked;
}
function readInputs(get, platform) {
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
  const renew = read("renew", booleanOf);
  const workloadApi = read("workload-api", booleanOf);
  const tcp = read("tcp", booleanOf);
  const complete = exchangeUrl !== void 0 && dryRun !== void 0 && verify !== void 0;
  const isJudged = renew !== void 0 && workloadApi !== void 0 && tcp !== void 0;
  if (!complete || !isJudged || timeoutMs === void 0) return err(problems);
  const switches = { dryRun, renew, workloadApi, tcp };
  problems.push(...contradictions(switches, get("socket"), platform));
  if (problems.length > 0) return err(problems);
  return ok({
    exchangeUrl,
    ...optional("audience", get("audience")),
    ...optional("policy", get("policy")),
    tokenAudience: get("token-audience") || exchangeUrl,
    ...optional("svidFile", get("svid-file")),
    ...optional("exportEnv", exportEnv ?? ""),
    dryRun,
    verify,
    timeoutMs,
    renew,
    ...workloadApi ? { workloadApi: placeOf2(tcp, get("socket")) } : {}
  });
}
function contradictions({ dryRun, renew, workloadApi, tcp }, socket, platform) {
  const rules = [
    [renew && dryRun, "renew", "is true and so is dry-run, which gets no SVID: leave out one of the two"],
    [workloadApi && dryRun, "workload-api", "is true and so is dry-run: leave out one of the two"],
    [tcp && !workloadApi, "tcp", "is true without workload-api: set workload-api to true, too"],
    [socket !== "" && !workloadApi, "socket", "is set without workload-api: set workload-api to true, too"],
    [socket !== "" && tcp, "socket", "is set and tcp is true: leave out one of the two"],
    [
      workloadApi && !tcp && platform === "win32",
      "workload-api",
      "is true on Windows, where SPIFFE programs have no sockets: set tcp to true, too"
    ]
  ];
  return rules.filter(([broken]) => broken).map(([, input, problem]) => ({ input, problem }));
}
function placeOf2(tcp, socket) {
  return tcp ? { kind: "tcp" } : { kind: "socket", ...optional("path", socket) };
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
function member(payload, ...path5) {
  let value = payload;
  for (const name of path5) value = isJsonObject(value) ? value[name] : void 0;
  return value;
}

// action/outputs.ts
var import_node_os2 = require("node:os");

// shared/client/svid-file.ts
var OWNER_ONLY2 = 384;
function freshSvidFile(temp, { fs: fs5, path: path5 }) {
  const folder = fs5.mkdtempSync(path5.join(temp, "svid-exchange-"));
  return { path: path5.join(folder, "svid.jwt"), folder };
}
function writeSvidFile(file, svid, { fs: fs5, path: path5, randomName }) {
  const fresh = path5.join(path5.dirname(file.path), `.${path5.basename(file.path)}.${randomName()}`);
  try {
    fs5.writeFileSync(fresh, svid, { flag: "wx", mode: OWNER_ONLY2 });
    fs5.chmodSync(fresh, OWNER_ONLY2);
    fs5.renameSync(fresh, file.path);
  } catch (error2) {
    fs5.rmSync(fresh, { force: true });
    throw error2;
  }
}

// shared/time.ts
function formatInstant(seconds) {
  return `${new Date(seconds * 1e3).toISOString().slice(0, 19)}Z`;
}

// action/svid-file.ts
var import_node_crypto = require("node:crypto");
var fs4 = __toESM(require("node:fs"), 1);
var path4 = __toESM(require("node:path"), 1);
var SVID_FILE_STATE = "svid-file";
var filePorts = { fs: fs4, path: path4, randomName: import_node_crypto.randomUUID };
function placeSvidFile(named, temp) {
  if (named === void 0) return freshSvidFile(temp, filePorts);
  const file = { path: path4.resolve(named) };
  fs4.mkdirSync(path4.dirname(file.path), { recursive: true });
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
  const file = placeSvidFile(inputs.svidFile, process.env["RUNNER_TEMP"] || (0, import_node_os2.tmpdir)());
  saveState(SVID_FILE_STATE, JSON.stringify(file));
  writeSvidFile(file, svid, filePorts);
  publishDecision(minted);
  if (process.env["GITHUB_OUTPUT"]) setOutput("svid", svid);
  setOutput("svid-file", file.path);
  setOutput("expires-at", expiry(svid));
  if (inputs.exportEnv !== void 0) exportVariable(inputs.exportEnv, file.path);
  info(printable(`The SVID is ${spiffeId} for ${audience}, granted by the policy ${policy}.`));
  info(printable(`The file ${file.path} holds it. It expires at ${expiry(svid)}.`));
  return file;
}
function publishDecision({ spiffeId, audience, policy }) {
  setOutput("spiffe-id", spiffeId);
  setOutput("audience", audience);
  setOutput("policy", policy);
}
function expiry(svid) {
  const exp = unverifiedJwt(svid)?.claims["exp"];
  return typeof exp === "number" ? formatInstant(exp) : "";
}

// action/prove-id-token.ts
async function proveIdToken({ timeoutMs }, subjectToken, ports2) {
  const got = await withRetry((leftMs) => subjectToken(attemptSignal(leftMs, ports2)), timeoutMs, ports2);
  return got.ok ? ok(void 0) : err({ code: "no_subject_token", failure: got.error.failure });
}

// action/proxied-fetch.ts
var http = __toESM(require("node:http"), 1);
var https = __toESM(require("node:https"), 1);
var proxiedFetch = (url, request5) => new Promise((resolve4, reject) => {
  const target2 = new URL(url);
  const sent = open(target2, options(target2, request5));
  sent.on("error", reject);
  sent.on("response", (response) => resolve4(responseOf(response)));
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

// action/explanation.ts
function failedChecks({ checks }) {
  return checks.filter(({ pass }) => !pass).map(failedCheck);
}
function failedCheck({ policy, attribute, value }) {
  return `- policy ${policy}: ${attribute} ${value === null ? "is absent" : `is ${JSON.stringify(value)}`}`;
}

// action/report.ts
async function reportFailure(explanation, facts) {
  const lines = [
    ...explanation.text,
    ...failedChecks(explanation),
    ...explanation.yaml ?? [],
    `More: ${link(explanation, facts)}`
  ];
  error(lines.map(printable).join("\n"), { title: printable(explanation.title) });
  if (process.env["GITHUB_STEP_SUMMARY"]) await writeSummary(explanation, facts);
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
  return printable(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

// action/main.ts
var ports = {
  fetch: withUserAgent(proxiedFetch, "svid-exchange-action"),
  nowMs: Date.now,
  sleep: async (ms) => (0, import_promises.setTimeout)(ms),
  random: Math.random,
  timeoutSignal: (ms) => AbortSignal.timeout(ms),
  mask: setSecret
};
async function main() {
  const job = jobOf(context, process.env);
  const read = readInputs(getInput, process.platform);
  if (!read.ok) return fail({ code: "input_invalid", problems: read.error }, { job });
  const inputs = read.value;
  const service = idTokenService(ID_TOKEN_PROTOCOLS.github, process.env);
  const idTokens = idTokensOf(service, inputs.tokenAudience, ports);
  const facts = () => ({ job, inputs, claims: idTokens.lastClaims() });
  if (inputs.dryRun) {
    const planned = await plan({ ...inputs, subjectToken: idTokens.next }, ports);
    return planned.ok ? publishPlan(planned.value) : fail(planned.error, facts());
  }
  const minted = wantsFile(inputs) ? await getMaskedSvid(inputs, idTokens.next, ports) : await proveIdToken(inputs, idTokens.next, ports);
  if (!minted.ok) return fail(minted.error, facts());
  const kept = minted.value && { first: minted.value, file: publishSvid(minted.value, inputs) };
  if (!inputs.renew && inputs.workloadApi === void 0) return;
  const begun = await beginBackground(
    { inputs, job, ...inputs.renew && kept ? { kept } : {} },
    saveBackground
  );
  return begun.ok ? publishEndpoint(begun.value) : fail(begun.error, facts());
}
async function fail(failure2, facts) {
  process.exitCode = ExitCode.Failure;
  await reportFailure(explain(failure2, facts), facts);
}
main().catch((bug) => setFailed(bug instanceof Error ? bug : String(bug)));
