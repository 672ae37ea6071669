import { ID_TOKEN_PROTOCOLS } from "../shared/client/id-token.ts";
import type { NetworkError } from "../shared/client/network.ts";
import { networkAdvice } from "../shared/client/network-advice.ts";
import type { Advice } from "./explanation.ts";
import type { JobTokenFailure } from "./id-token.ts";
import type { Job } from "./job.ts";

/** Why the runner gave no ID token, and what to change in the workflow. */
export function explainIdToken(failure: JobTokenFailure, job: Job): Advice {
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
        text: ["Its answer has status 200, and holds no token. Report this to whoever runs the CI server."],
      };
  }
}

function notOffered({ restriction, platform }: Job): Advice {
  if (restriction === "fork") return FORK;
  if (restriction === "dependabot") return DEPENDABOT;
  return platform === "forgejo" ? FORGEJO : PERMISSION;
}

const FORK: Advice = {
  code: "id_token_fork",
  title: "A pull request from a fork gets no ID token",
  text: [
    "The code of a fork is not the code of this repository, so the runner gives it no identity, whatever permissions says.",
    "Skip this job for forks, or use the SVID in a job that runs after the merge. Do not switch to pull_request_target: it would give the identity to code that nobody has reviewed.",
  ],
  yaml: ["if: github.event.pull_request.head.repo.full_name == github.repository"],
};

const DEPENDABOT: Advice = {
  code: "id_token_dependabot",
  title: "This run was started by Dependabot and gets no ID token",
  text: [
    "A run that Dependabot starts has the rights of a pull request from a fork.",
    "Skip this job for Dependabot, or use the SVID in a job that runs after the merge.",
  ],
  yaml: ["if: github.actor != 'dependabot[bot]'"],
};

const PERMISSION: Advice = {
  code: "id_token_not_offered",
  title: "This job may not request an ID token: id-token: write is missing",
  text: [
    "Add it to the job or to the whole workflow. A workflow that names one permission sets all others to none, so name what else the job needs.",
    "If the job is in a reusable workflow, its caller needs the permission as well: a called workflow cannot have more permissions than its caller.",
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

const FORGEJO: Advice = {
  code: "id_token_not_offered",
  title: "This job may not request an ID token: enable-openid-connect is missing",
  text: ["Set it on the job or on the whole workflow. Pull requests from forks get no token in any case."],
  yaml: ["jobs:", "  deploy:", "    enable-openid-connect: true"],
};

function refused(status: number): Advice {
  const isTrouble = status >= 500 || status === 429;
  return {
    code: "id_token_refused",
    title: `The runner's token service answered with status ${status}`,
    text: [
      isTrouble
        ? "The service is in trouble or busy. Run the job again, and look at the status page of your CI provider."
        : "A job may ask for ID tokens for about six hours, and that time may be over. Get the SVID earlier in the job, or split the job.",
    ],
  };
}

function unreachable({ cause, errno }: NetworkError): Advice {
  const { meaning, advice } = networkAdvice(cause, { url: ID_TOKEN_PROTOCOLS.github.urlVariable });
  return {
    code: "id_token_unreachable",
    title: `The runner's token service could not be reached (${errno ?? cause})`,
    text: [
      `The token service could not be reached: ${meaning}. ${advice}`,
      "A self-hosted runner must be able to connect to the token service of its CI server, directly or through the proxy that https_proxy names. On a hosted runner, run the job again.",
    ],
  };
}
