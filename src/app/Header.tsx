import { ActionIcon, Group, Text, Title, useComputedColorScheme } from "@mantine/core";
import type { ReactNode } from "react";
import { HandbookLink } from "./HandbookLink.tsx";
import { Icon } from "./Icon.tsx";
import { type PageActionName, usePageAction } from "./page-actions.ts";
import styles from "./App.module.css";

export function Header() {
  const dark = useComputedColorScheme("light") === "dark";
  return (
    <Group component="header" justify="space-between" wrap="nowrap" py="md">
      <Group gap="xs" wrap="nowrap">
        <img src={`${import.meta.env.BASE_URL}favicon.svg`} width={26} height={26} alt="" />
        <Title order={1} size="h3" style={{ whiteSpace: "nowrap" }}>
          Tabtune
        </Title>
      </Group>
      <Group gap={4} wrap="nowrap">
        <HandbookLink className={styles.handbook} label="Handbook, in a tab of its own">
          <Icon name="book" />
          <span>Handbook</span>
        </HandbookLink>
        <Tool action="runs">
          <Icon name="list" />
        </Tool>
        <Tool action="undo">
          <Icon name="undo" />
        </Tool>
        <Tool action="redo">
          <Icon name="redo" />
        </Tool>
        <Tool action="theme">
          <Icon name={dark ? "sun" : "moon"} />
        </Tool>
        <Tool action="help">
          <Text span fw={600}>
            ?
          </Text>
        </Tool>
      </Group>
    </Group>
  );
}

/** An action's button with an icon. */
function Tool({ action, children }: { action: PageActionName; children: ReactNode }) {
  const { label, enabled, perform } = usePageAction(action);
  return (
    <ActionIcon
      className={styles.tool ?? ""}
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={label}
      title={label}
      disabled={!enabled}
      onClick={perform}
    >
      {children}
    </ActionIcon>
  );
}
