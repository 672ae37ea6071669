import { isJsonObject, ownMember } from "../../json.ts";

/**
 * Every text that entries have as this member, once each: also of an entry that was refused, so that whoever names it is
 * not reported as well.
 */
export function writtenTexts(entries: readonly unknown[], member: string): readonly string[] {
  const texts = entries.flatMap((entry) => {
    const text = isJsonObject(entry) ? ownMember(entry, member) : undefined;
    return typeof text === "string" ? [text] : [];
  });
  return [...new Set(texts)];
}
