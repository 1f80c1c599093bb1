import { t } from "@lingui/core/macro";
import { Page } from "../../shell/Page";

export default function Usage() {
  return <Page title={t`Usage`}>{null}</Page>;
}
