import { t } from "@lingui/core/macro";
import { Problem } from "../../api/problems";
import type { Schemas } from "../../api/queries";
import { problemTitle } from "../../parts/Loading";

export type Member = Schemas["MemberView"] & { signedInAt?: string };
export type MemberRole = Member["role"];

export const ROLES: MemberRole[] = ["viewer", "operator", "owner"];

/** What a role may do, in a sentence. */
export function roleSays(role: MemberRole): string {
  return {
    viewer: t`Reads everything but the audit log.`,
    operator: t`Also sends, replies and works with phones.`,
    owner: t`Also manages people, keys, webhooks and settings.`,
  }[role];
}

/** Why a change of members was refused, where the API's own words say too little. */
export function refusal(error: unknown): string {
  const kind = error instanceof Problem ? error.kind : "";
  if (kind === "last-owner") return t`This is the last owner. Make somebody else an owner first.`;
  if (kind === "member-exists") return t`This address belongs to a member already, here with another role or in another account.`;
  if (kind === "too-many-members") return t`The account has as many members as it may have. Remove somebody first.`;
  return problemTitle(error);
}
