import { t } from "@lingui/core/macro";
import { session } from "../api/client";
import { useMe } from "../api/queries";
import { type Choice, Menu } from "../parts/Menu";
import { choose, LANGUAGES, type Language, language } from "../texts/texts";
import { openKeys } from "./keys";
import { THEMES, theme, wear } from "./theme";

export function roleName(role: string): string {
  return { owner: t`Owner`, operator: t`Operator`, viewer: t`Viewer` }[role] ?? role;
}

/** What a person sets for themselves: language, look, keys; and signing out. */
export function personChoices(): (Choice | null)[] {
  const looks = { system: t`Look of the system`, light: t`Light`, dark: t`Dark` };
  return [
    ...Object.entries(LANGUAGES).map(([code, label]) => ({
      label,
      isOn: language.value === code,
      act: () => void choose(code as Language),
    })),
    null,
    ...THEMES.map((name) => ({ label: looks[name], isOn: theme.value === name, act: () => wear(name) })),
    null,
    { label: t`Keyboard`, icon: "bolt", act: openKeys },
    { label: t`Sign out`, icon: "out", act: () => void session().signOut() },
  ];
}

export function PersonMenu() {
  const { data: me } = useMe();
  return (
    <Menu className="me" label={me ? undefined : t`You`} choices={personChoices()}>
      <span class="face" aria-hidden="true">
        {me?.email[0]?.toUpperCase()}
      </span>
      <span class="cut">
        <span class="cut medium small">{me?.email}</span>
        <br />
        <span class="faint meta">{me && roleName(me.role)}</span>
      </span>
    </Menu>
  );
}
