import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { Confirm } from "../../parts/Dialog";
import { Icon } from "../../parts/Icon";
import { Failure } from "../../parts/Loading";
import { Menu } from "../../parts/Menu";
import { useOff } from "../../parts/Offline";
import { toast } from "../../parts/toasts";
import { useMay } from "../../session/role";
import { RuleForm } from "./RuleForm";
import { type Rule, useRemove } from "./rules";

type Task = "change" | "remove";

/** What owners can do with a rule; nothing for others. */
export function RuleMenu({ rule, others }: { rule: Rule; others: Rule[] }) {
  const [task, begin] = useState<Task | undefined>();
  const may = useMay("owner");
  const isOff = useOff();
  const { name } = rule;
  if (!may || isOff) return null;
  const close = () => begin(undefined);
  return (
    <>
      <Menu
        label={t`Actions for ${name}`}
        className="btn quiet icon small"
        choices={[
          { label: t`Change`, icon: "pen", act: () => begin("change") },
          null,
          { label: t`Remove…`, icon: "trash", danger: true, act: () => begin("remove") },
        ]}
      >
        <Icon name="dots" />
      </Menu>
      {task === "change" && <RuleForm rule={rule} others={others} onClose={close} />}
      {task === "remove" && <Remove rule={rule} onClose={close} />}
    </>
  );
}

function Remove({ rule, onClose }: { rule: Rule; onClose: () => void }) {
  const { name } = rule;
  const removal = useRemove(name);
  function act() {
    removal.mutate(undefined, {
      onSuccess: () => {
        toast({ text: t`${name} is removed` });
        onClose();
      },
    });
  }
  return (
    <Confirm title={t`Remove ${name}?`} verb={t`Remove the rule`} isBusy={removal.isPending} onConfirm={act} onClose={onClose}>
      <ul class="bullets soft">
        <li>{t`Messages to its numbers go by any SIM that is free, within 5 minutes.`}</li>
        <li>{t`Messages that are accepted already keep to it.`}</li>
      </ul>
      {removal.isError && <Failure error={removal.error} />}
    </Confirm>
  );
}
