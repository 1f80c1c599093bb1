import { t } from "@lingui/core/macro";
import { Page } from "../../shell/Page";

export default function Members() {
  return <Page title={t`Members`}>{null}</Page>;
}
