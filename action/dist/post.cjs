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
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: true }) : target,
  mod
));

// action/post.ts
var import_node_fs = require("node:fs");

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
function issue(name, message = "") {
  issueCommand(name, {}, message);
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

// node_modules/@actions/core/lib/core.js
var os2 = __toESM(require("os"));
var ExitCode;
(function(ExitCode2) {
  ExitCode2[ExitCode2["Success"] = 0] = "Success";
  ExitCode2[ExitCode2["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
function warning(message, properties = {}) {
  issueCommand("warning", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function info(message) {
  process.stdout.write(message + os2.EOL);
}
function startGroup(name) {
  issue("group", name);
}
function endGroup() {
  issue("endgroup");
}
function getState(name) {
  return process.env[`STATE_${name}`] || "";
}

// shared/client/svid-file.ts
function removeSvidFile({ path: path3, folder }, { fs: fs3 }) {
  fs3.rmSync(path3, { force: true });
  if (folder !== void 0) fs3.rmSync(folder, { force: true, recursive: true });
}

// shared/printable.ts
var UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
var COMMAND = /##(?=\[|vso\[|teamcity\[)|^\s*::/giu;
function printable(text) {
  return text.replace(UNPRINTABLE, escaped).replace(COMMAND, (command) => {
    const last = command.length - 1;
    return command.slice(0, last) + escaped(command.charAt(last));
  });
}
function escaped(character) {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

// action/background/place.ts
var fs = __toESM(require("node:fs"), 1);
var path = __toESM(require("node:path"), 1);
var BACKGROUND_STATE = "background";
var folderPorts = { fs, path, platform: process.platform };
var API_SOCKET = path.join("workload-api", "api.sock");
function controlAddressIn(folder) {
  return process.platform === "win32" ? `\\\\.\\pipe\\${path.basename(folder)}` : path.join(folder, "control.sock");
}
function logFileIn(folder) {
  return path.join(folder, "log.txt");
}
function readLog(folder) {
  try {
    return fs.readFileSync(logFileIn(folder), "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}
function discard({ folder, socket }) {
  if (socket !== void 0) fs.rmSync(socket, { force: true });
  fs.rmSync(folder, { force: true, recursive: true });
}

// action/background/stop.ts
var net = __toESM(require("node:net"), 1);
var LONGEST_END_MS = 5e3;
async function stopBackground(state) {
  const how = await end(state);
  const log = readLog(state.folder);
  discard(state.pid === void 0 ? { folder: state.folder } : state);
  return { how, log };
}
function end({ folder, pid }) {
  return new Promise((resolve3) => {
    let isThere = false;
    const control = net.connect(controlAddressIn(folder), () => {
      isThere = true;
    });
    const timer = setTimeout(() => {
      if (isThere && pid !== void 0) process.kill(pid, "SIGKILL");
      control.destroy();
      resolve3(isThere ? "killed" : "gone");
    }, LONGEST_END_MS);
    control.resume();
    control.on("error", () => {
    });
    control.on("close", () => {
      clearTimeout(timer);
      resolve3(isThere ? "asked" : "gone");
    });
  });
}

// action/svid-file.ts
var import_node_crypto = require("node:crypto");
var fs2 = __toESM(require("node:fs"), 1);
var path2 = __toESM(require("node:path"), 1);
var SVID_FILE_STATE = "svid-file";
var filePorts = { fs: fs2, path: path2, randomName: import_node_crypto.randomUUID };

// action/post.ts
async function post() {
  const background = getState(BACKGROUND_STATE);
  const file = getState(SVID_FILE_STATE);
  try {
    if (background !== "") await endBackground(JSON.parse(background));
  } finally {
    if (file !== "") removeFile(JSON.parse(file));
  }
}
async function endBackground(state) {
  if (!(0, import_node_fs.existsSync)(state.folder)) return;
  const { how, log } = await stopBackground(state);
  if (how !== "asked") warning(WARNINGS[how]);
  if (log.length === 0) return;
  startGroup("Log of the background process");
  for (const line of log) info(printable(line));
  endGroup();
}
var WARNINGS = {
  gone: "The background process had ended before the job did, so programs could get no SVID. Its log says more.",
  killed: "The background process did not end when it was asked to, so it was killed. Its log says more."
};
function removeFile(file) {
  removeSvidFile(file, filePorts);
  info(printable(`Deleted ${file.path}.`));
}
post().catch((error) => warning(error instanceof Error ? error : String(error)));
