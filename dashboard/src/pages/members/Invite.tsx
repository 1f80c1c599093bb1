import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/preact-query";
import { useState } from "preact/hooks";
import { api, got } from "../../api/client";
import { fieldError, Problem } from "../../api/problems";
import { Field } from "../../parts/controls";
import { FormDialog } from "../../parts/FormDialog";
import { toast } from "../../parts/toasts";
import { roleName } from "../../shell/PersonMenu";
import { type MemberRole, refusal, ROLES, roleSays } from "./words";

/** Asks for an address and a role, and has the person invited by mail. */
export function Invite({ onClose }: { onClose: () => void }) {
  const cache = useQueryClient();
  const [email, typeEmail] = useState("");
  const [role, choose] = useState<MemberRole>("operator");
  const invite = useMutation({
    mutationFn: () => got(api().POST("/console/members", { body: { email: email.trim(), role } })),
    onSuccess: (member) => {
      void cache.invalidateQueries({ queryKey: ["members"] });
      toast({ text: t`${member.email} is invited` });
      onClose();
    },
  });
  return (
    <FormDialog
      title={t`Invite a member`}
      verb={t`Send the invitation`}
      isBusy={invite.isPending}
      error={invite.error}
      onSubmit={() => invite.mutate()}
      onClose={onClose}
    >
      <Field
        label={t`Email address`}
        hint={t`A mail with a temporary password goes there. It ends after 7 days.`}
        error={emailError(invite.error)}
      >
        {(tied) => (
          <input
            {...tied}
            class="input"
            type="email"
            autocomplete="off"
            autofocus
            required
            value={email}
            onInput={(event) => typeEmail(event.currentTarget.value)}
          />
        )}
      </Field>
      <fieldset class="choices">
        <legend class="label">{t`Role`}</legend>
        {ROLES.map((one) => (
          <label key={one} class="choice">
            <input class="tick" type="radio" name="role" value={one} checked={role === one} onChange={() => choose(one)} />
            <span>
              <span class="medium">{roleName(one)}</span>
              <span class="hint">{roleSays(one)}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </FormDialog>
  );
}

function emailError(error: unknown): string | undefined {
  if (!(error instanceof Problem) || !error.body.errors?.length) return undefined;
  return error.kind === "member-exists" ? refusal(error) : fieldError(error, "email");
}
