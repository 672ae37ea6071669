import type { Party } from "../party.ts";

/** The workloads, each on the library of its language, and the tools that ask a Workload API by themselves. */

export const GO_SPIFFE: Party = {
  name: "go-spiffe",
  version: "2.9.0",
  source: "workload-api/go-spiffe",
  install: [["go", "build", "-o", "workload", "."]],
  start: ["./workload"],
};

export const PY_SPIFFE: Party = {
  name: "py-spiffe",
  version: "0.3.2",
  source: "workload-api/py-spiffe",
  install: [
    ["python3", "-m", "venv", "venv"],
    ["./venv/bin/pip", "install", "--quiet", "--requirement", "requirements.txt"],
  ],
  start: ["./venv/bin/python", "./workload.py"],
};

export const JAVA_SPIFFE: Party = {
  name: "java-spiffe",
  version: "0.8.14",
  source: "workload-api/java-spiffe",
  install: [["mvn", "--quiet", "--batch-mode", "package"]],
  start: ["java", "-cp", "./target/workload-1.jar:./target/libraries/*", "Workload"],
};

export const RUST_SPIFFE: Party = {
  name: "rust-spiffe",
  version: "0.19.0",
  source: "workload-api/rust-spiffe",
  install: [["cargo", "build", "--quiet", "--locked"]],
  start: ["./target/debug/workload"],
};

export const SPIRE_AGENT: Party = {
  name: "spire-agent",
  version: "1.13.3",
  install: [
    ["go", "mod", "init", "svid-exchange.example/interop/spire-agent"],
    ["go", "get", "-tool", "github.com/spiffe/spire/cmd/spire-agent@v1.13.3"],
    ["go", "build", "-o", "spire-agent", "github.com/spiffe/spire/cmd/spire-agent"],
  ],
  start: ["./spire-agent"],
};

/** The Go module proxy does not have it: put a binary on PATH. */
export const SPIFFE_HELPER: Party = {
  name: "spiffe-helper",
  version: "of PATH",
  start: ["spiffe-helper"],
};
