/**
 * What the background process needs of the environment of its step. Every later step of the job's user can read the
 * environment of a process, and what the runner gives to actions alone (`ACTIONS_RUNTIME_TOKEN`) is not for those.
 * `RUNNER_TRACKING_ID` lets the runner end the process after the job, should nothing else have done so.
 */
const NEEDED = [
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
  "TMPDIR",
];

export function backgroundEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => NEEDED.includes(name.toUpperCase())));
}
