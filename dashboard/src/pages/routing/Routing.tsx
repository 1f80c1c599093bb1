import { t } from "@lingui/core/macro";
import { useLocation } from "preact-iso";
import { Empty, Loaded } from "../../parts/Loading";
import { ActionLink, OfflineNote } from "../../parts/Offline";
import { RoleNote } from "../../parts/RoleNote";
import { useMay } from "../../session/role";
import { Page } from "../../shell/Page";
import { RuleCard } from "./RuleCard";
import { RuleForm } from "./RuleForm";
import { MOST_RULES, type Rule, useRules } from "./rules";
import "../../styles/routing.css";

const NONE: Rule[] = [];

/** By which SIMs messages to some numbers go: owners change it, everybody sees it. */
export default function Routing() {
  const { query, route } = useLocation();
  const rules = useRules();
  const isOwner = useMay("owner");
  const found = rules.data ?? NONE;
  const may = isOwner && found.length < MOST_RULES;
  return (
    <Page title={t`Routing rules`} actions={may && <AddButton />}>
      <OfflineNote />
      <RoleNote least="owner" />
      <Loaded query={rules} rows={4}>
        {(shown) =>
          shown.length ? (
            <>
              <About isFull={isOwner && !may} />
              <div class="routes">
                {shown.map((rule) => (
                  <RuleCard key={rule.name} rule={rule} others={shown.filter((one) => one !== rule)} />
                ))}
              </div>
            </>
          ) : (
            <None may={may} />
          )
        }
      </Loaded>
      {may && query.new && rules.data && <RuleForm others={found} onClose={() => route("/routing", true)} />}
    </Page>
  );
}

function AddButton() {
  return (
    <ActionLink path="/routing?new=1" icon="plus">
      {t`Add a rule`}
    </ActionLink>
  );
}

/** What comes before the rules, and which of them holds. */
function About({ isFull }: { isFull: boolean }) {
  return (
    <p class="soft rules-lead">
      {t`Of all rules the one with the longest beginning of a number holds for it. A phone that the sender names, and the SIM that the recipient wrote to last, come before any rule. Changes hold within 5 minutes.`}
      {isFull && ` ${t`An account has at most ${MOST_RULES} rules.`}`}
    </p>
  );
}

function None({ may }: { may: boolean }) {
  return (
    <section class="card">
      <Empty icon="routing" title={t`No routing rule yet`} action={may && <AddButton />}>
        {t`Without rules any SIM that is free sends a message. A rule says which SIMs send to some numbers, and in which order: say, +25470 to +25472 by your Safaricom SIM, since texts within a network cost less.`}
      </Empty>
    </section>
  );
}
