import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/preact-query";
import { api, got, session } from "../../api/client";
import { toast } from "../../parts/toasts";
import { roleName } from "../../shell/PersonMenu";
import type { Member, MemberRole } from "./words";

function patch(personId: string, role: MemberRole): Promise<Member> {
  return got(api().PATCH("/console/members/{personId}", { params: { path: { personId } }, body: { role } }));
}

/** Gives a member another role at once; a toast has the way back. */
export function useChangeRole(member: Member) {
  const cache = useQueryClient();
  const { personId, email, role: before } = member;
  async function settle(): Promise<void> {
    await Promise.all([cache.invalidateQueries({ queryKey: ["members"] }), cache.invalidateQueries({ queryKey: ["me"] })]);
  }
  return useMutation({
    mutationFn: (role: MemberRole) => patch(personId, role),
    onSuccess: async (_, role) => {
      const named = roleName(role);
      const undo = () =>
        void patch(personId, before).then(settle, () => toast({ tone: "bad", text: t`The role could not be put back. Change it in the list.` }));
      toast({ text: t`${email} has the role ${named}`, act: { label: t`Undo`, do: undo } });
      await settle();
    },
  });
}

/** Sends another invitation to who never signed in. */
export function useInviteAgain({ email, role }: Member) {
  return useMutation({
    mutationFn: () => got(api().POST("/console/members", { body: { email, role } })),
    onSuccess: () => toast({ text: t`Another invitation is on its way to ${email}` }),
  });
}

/** Removes a member. Who removes themselves is signed out. */
export function useRemove({ personId, email }: Member, isMe: boolean, done: () => void) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => got(api().DELETE("/console/members/{personId}", { params: { path: { personId } } })),
    onSuccess: async () => {
      if (isMe) return session().signOut();
      done();
      toast({ text: t`${email} is removed` });
      await cache.invalidateQueries({ queryKey: ["members"] });
    },
  });
}
