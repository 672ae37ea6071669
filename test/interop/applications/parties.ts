import type { Party } from "../party.ts";

/** The applications of `examples/applications/`, each on an ordinary library of its language, and a web server. */

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

/** Debian's apache2 and libapache2-mod-auth-openidc, which verify for any application behind them. */
export const MOD_AUTH_OPENIDC: Party = {
  name: "mod_auth_openidc",
  version: "of Debian",
  source: "applications/apache",
  install: [["test", "-f", "/usr/lib/apache2/modules/mod_auth_openidc.so"]],
  start: ["apache2", "-X", "-f", "./httpd.conf"],
};

/** A party, and the header in which it reads the assertion. */
export interface ApplicationParty {
  readonly party: Party;
  readonly header: "svid-jwt-assertion" | "authorization";
}

export const APPLICATION_PARTIES: readonly ApplicationParty[] = [
  { party: JOSE, header: "svid-jwt-assertion" },
  { party: GO_OIDC, header: "svid-jwt-assertion" },
  { party: PYJWT, header: "svid-jwt-assertion" },
  { party: NIMBUS, header: "svid-jwt-assertion" },
  { party: MOD_AUTH_OPENIDC, header: "authorization" },
];
