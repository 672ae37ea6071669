import type { Party } from "../party.ts";

/** The applications of `examples/applications/`, each on an ordinary library of its language. */

export const JOSE: Party = {
  name: "jose",
  version: "6.2.17",
  source: "../../examples/applications/typescript",
  install: [["npm", "install", "--silent", "--no-audit", "--no-fund"]],
  start: ["node", "./application.ts"],
};

export const GO_OIDC: Party = {
  name: "go-oidc",
  version: "3.21.0",
  source: "../../examples/applications/go",
  install: [["go", "build", "-o", "application", "."]],
  start: ["./application"],
};

export const PYJWT: Party = {
  name: "PyJWT",
  version: "2.15.1",
  source: "../../examples/applications/python",
  install: [
    ["python3", "-m", "venv", "venv"],
    ["./venv/bin/pip", "install", "--quiet", "--requirement", "requirements.txt"],
  ],
  start: ["./venv/bin/python", "./application.py"],
};

export const NIMBUS: Party = {
  name: "Nimbus",
  version: "10.10",
  source: "../../examples/applications/java",
  install: [["mvn", "--quiet", "--batch-mode", "package"]],
  start: ["java", "-cp", "./target/application-1.jar:./target/libraries/*", "Application"],
};

export const APPLICATION_PARTIES: readonly Party[] = [JOSE, GO_OIDC, PYJWT, NIMBUS];
