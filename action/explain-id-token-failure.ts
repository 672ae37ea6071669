import type { NetworkError } from "../shared/client/network.ts";
import type { Explained } from "./explanation.ts";
import type { IdTokenFailure } from "./id-token.ts";
import type { Job } from "./job.ts";

/** Why the runner gave no ID token, and what to change in the workflow. */
export function explainIdToken(failure: IdTokenFailure, job: Job): Explained {
  switch (failure.code) {
    case "id_token_not_offered":
      return notOffered(job);
    case "id_token_refused":
      return refused(failure.status);
    case "id_token_unreachable":
      return unreachable(failure);
    case "id_token_malformed":
      return {
        code: failure.code,
        title: "The runner's token service answered without an ID token",
        text: ["It said 200, but its answer holds no token. Report this to whoever runs the CI server."],
      };
  }
}

function notOffered({ restriction, platform }: Job): Explained {
  if (restriction === "fork") return FORK;
  if (restriction === "dependabot") return DEPENDABOT;
  return platform === "forgejo" ? FORGEJO : PERMISSION;
}

const FORK: Explained = {
  code: "id_token_fork",
  title: "A pull request from a fork gets no ID token",
  text: [
    "Its code is not this repository's, so the runner gives it no identity, whatever permissions says.",
    "Skip this job for forks, or do what needs the SVID once the change is merged. Do not switch to pull_request_target for it: that hands the identity to code that nobody has reviewed.",
  ],
  yaml: ["if: github.event.pull_request.head.repo.full_name == github.repository"],
};

const DEPENDABOT: Explained = {
  code: "id_token_dependabot",
  title: "This run was started by Dependabot and gets no ID token",
  text: [
    "Such runs have the rights of a pull request from a fork.",
    "Skip this job for them, or do what needs the SVID once the change is merged.",
  ],
  yaml: ["if: github.actor != 'dependabot[bot]'"],
};

const PERMISSION: Explained = {
  code: "id_token_not_offered",
  title: "This job may not request an ID token: id-token: write is missing",
  text: [
    "Add it to the job or to the whole workflow. Naming any permission sets all others to none, so name what else the job needs.",
    "In a reusable workflow, the job that calls it needs the permission as well: a called workflow cannot have more than its caller.",
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
    "    uses: ./.github/workflows/deploy.yml",
  ],
};

const FORGEJO: Explained = {
  code: "id_token_not_offered",
  title: "This job may not request an ID token: enable-openid-connect is missing",
  text: ["Set it on the job or on the whole workflow. Pull requests from forks get no token in any case."],
  yaml: ["jobs:", "  deploy:", "    enable-openid-connect: true"],
};

function refused(status: number): Explained {
  return {
    code: "id_token_refused",
    title: `The runner's token service answered ${status}`,
    text: [
      status >= 500 || status === 429
        ? "It is in trouble or busy. Run the job again; the status page of your CI provider may say more."
        : "The job's own permission to ask may have ended: it lasts about six hours. Exchange earlier in the job, or split it.",
    ],
  };
}

function unreachable({ cause, errno }: NetworkError): Explained {
  return {
    code: "id_token_unreachable",
    title: `The runner's token service could not be reached (${errno ?? cause})`,
    text: [
      "A self-hosted runner needs a way to its CI server's token service, directly or through the proxy that https_proxy names. On a hosted runner, run the job again.",
    ],
  };
}
