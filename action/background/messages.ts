import type { Exchanged } from "../../shared/client/get-svid.ts";
import type { SvidFile } from "../../shared/client/svid-file.ts";
import type { ListenPlace } from "../../shared/grpc/server.ts";
import type { BackgroundFailure } from "../background-failure.ts";
import type { Inputs } from "../inputs.ts";
import type { Job } from "../job.ts";
import type { Owner } from "./owner.ts";

/** What the step and the background process tell each other, once each, over the channel that a child process has. */

/** What the step wants of the background process. */
export interface Assignment {
  readonly inputs: Inputs;
  readonly job: Job;
  /** Where the control socket and the log are. */
  readonly folder: string;
  /** Absent: no Workload API. */
  readonly listenAt?: ListenPlace;
  /** Absent: no file is renewed. */
  readonly kept?: KeptSvid;
  /** Absent where it is not known whose end is the end of the job. */
  readonly owner?: Owner;
}

/** The SVID that the step has got, and the file that it is in. */
export interface KeptSvid {
  readonly file: SvidFile;
  readonly first: Exchanged;
}

export type Reply =
  /** `endpoint`: the value of SPIFFE_ENDPOINT_SOCKET, where there is a Workload API. */
  { readonly ready: { readonly endpoint?: string } } | { readonly failed: BackgroundFailure };
