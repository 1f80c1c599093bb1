import { t } from "@lingui/core/macro";
import { Page } from "../../shell/Page";

export default function Docs() {
  return <Page title={t`API reference`}>{null}</Page>;
}
