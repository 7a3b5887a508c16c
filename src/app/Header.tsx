import { ActionIcon, Group, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./App.module.css";
import { HandbookLink } from "./HandbookLink.tsx";
import { Icon } from "./Icon.tsx";
import { NotifyButton } from "./NotifyButton.tsx";
import { isActive } from "./state.ts";
import { useActions, useApp } from "./use-app.ts";

interface HeaderProps {
  dark: boolean;
  onTheme: () => void;
  onHelp: () => void;
}

export function Header({ dark, onTheme, onHelp }: HeaderProps) {
  const { undo, redo } = useActions();
  const locked = useApp(({ run }) => isActive(run.status));
  const canUndo = useApp(({ past }) => past.length > 0) && !locked;
  const canRedo = useApp(({ future }) => future.length > 0) && !locked;
  return (
    <Group component="header" justify="space-between" wrap="nowrap" py="md">
      <Group gap="xs" wrap="nowrap">
        <img src={`${import.meta.env.BASE_URL}favicon.svg`} width={26} height={26} alt="" />
        <Title order={1} size="h3" style={{ whiteSpace: "nowrap" }}>
          Tabtune
        </Title>
      </Group>
      <Group gap={4} wrap="nowrap">
        <NotifyButton />
        <HandbookLink className={styles.handbook} label="Handbook, in a tab of its own">
          <Icon name="book" />
          <span>Handbook</span>
        </HandbookLink>
        <Tool name="Undo" disabled={!canUndo} onPress={() => void undo()}>
          <Icon name="undo" />
        </Tool>
        <Tool name="Redo" disabled={!canRedo} onPress={() => void redo()}>
          <Icon name="redo" />
        </Tool>
        <Tool name={dark ? "Switch to light" : "Switch to dark"} onPress={onTheme}>
          <Icon name={dark ? "sun" : "moon"} />
        </Tool>
        <Tool name="Keys" onPress={onHelp}>
          <Text span fw={600}>
            ?
          </Text>
        </Tool>
      </Group>
    </Group>
  );
}

interface ToolProps {
  name: string;
  disabled?: boolean;
  onPress: () => void;
  children: ReactNode;
}

function Tool({ name, disabled = false, onPress, children }: ToolProps) {
  return (
    <ActionIcon
      className={styles.tool ?? ""}
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={name}
      title={name}
      disabled={disabled}
      onClick={onPress}
    >
      {children}
    </ActionIcon>
  );
}
