import { t } from "@lingui/core/macro";
import { useSettings } from "../../api/queries";
import { Loaded } from "../../parts/Loading";
import { OfflineNote } from "../../parts/Offline";
import { RoleNote } from "../../parts/RoleNote";
import { useMay } from "../../session/role";
import { Page } from "../../shell/Page";
import { Answers } from "./Answers";
import { Erase } from "./Erase";
import { Keeping } from "./Keeping";
import { Name } from "./Name";
import { Place } from "./Place";
import { Sending } from "./Sending";
import { Words } from "./Words";
import "../../styles/settings.css";

/** The rules that hold for the account: owners change them, everybody sees them. */
export default function SettingsPage() {
  const settings = useSettings();
  const canChange = useMay("owner");
  return (
    <Page title={t`Settings`} live={false}>
      <div class="sections">
        <OfflineNote />
        <RoleNote least="owner" />
        <Loaded query={settings}>
          {(saved) => (
            <>
              <Name canChange={canChange} />
              <Place saved={saved} canChange={canChange} />
              <Sending saved={saved} canChange={canChange} />
              <Keeping saved={saved} canChange={canChange} />
              <Answers saved={saved} canChange={canChange} />
              <Words saved={saved} canChange={canChange} />
              {canChange && <Erase />}
            </>
          )}
        </Loaded>
      </div>
    </Page>
  );
}
