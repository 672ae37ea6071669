import { type Denial, deny } from "../../shared/denial.ts";
import { addToGroup } from "../../shared/group-by.ts";
import { err, ok, type Result } from "../../shared/result.ts";

/** The values of each parameter of a form. An empty value counts as none (RFC 6749 §3.2). */
export type Form = ReadonlyMap<string, readonly string[]>;

/**
 * Reads `application/x-www-form-urlencoded` strictly: where a lenient parser would put U+FFFD or keep a stray `%`,
 * this one refuses, so that what is judged is what was sent.
 */
export function parseForm(text: string): Result<Form, Denial> {
  const form = new Map<string, string[]>();
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const cut = pair.indexOf("=");
    const name = decode(cut < 0 ? pair : pair.slice(0, cut));
    const value = decode(cut < 0 ? "" : pair.slice(cut + 1));
    if (name === undefined || value === undefined) {
      return err(deny("body_malformed", "The body has a part that is not percent-encoded UTF-8."));
    }
    if (value === "") continue;
    addToGroup(form, name, value);
  }
  return ok(form);
}

function decode(text: string): string | undefined {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}
