import { Icon, type IconName } from "./Icon";
import { Menu } from "./Menu";

/** A filter: dashed while it is unset, tinted with its value when it is. Choosing the value again takes it away. */
export function Chooser({
  icon,
  name,
  value,
  options,
  chosen,
  onChoose,
}: {
  icon?: IconName;
  name: string;
  value?: string;
  options: [string, string][];
  chosen?: string;
  onChoose: (value: string | undefined) => void;
}) {
  return (
    <Menu
      className={value ? "filter on" : "filter"}
      choices={options.map(([id, label]) => ({
        label,
        isOn: chosen === id,
        act: () => onChoose(chosen === id ? undefined : id),
      }))}
    >
      {icon && <Icon name={icon} />}
      {name}
      {value && <b>{value}</b>}
      <Icon name="down" />
    </Menu>
  );
}
