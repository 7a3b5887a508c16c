import { ActionIcon, Group, Text, Title } from "@mantine/core";
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
  const theme = dark ? "Switch to light" : "Switch to dark";
  return (
    <Group component="header" justify="space-between" wrap="nowrap" py="md">
      <Group gap="xs" wrap="nowrap">
        <img src={`${import.meta.env.BASE_URL}favicon.svg`} width={26} height={26} alt="" />
        <Title order={1} size="h3">
          Tabtune
        </Title>
      </Group>
      <Group gap={4} wrap="nowrap">
        <NotifyButton />
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label="Undo"
          title="Undo"
          disabled={!canUndo}
          onClick={() => void undo()}
        >
          <Icon name="undo" />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label="Redo"
          title="Redo"
          disabled={!canRedo}
          onClick={() => void redo()}
        >
          <Icon name="redo" />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={theme} title={theme} onClick={onTheme}>
          <Icon name={dark ? "sun" : "moon"} />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Keys" title="Keys" onClick={onHelp}>
          <Text span fw={600}>
            ?
          </Text>
        </ActionIcon>
      </Group>
    </Group>
  );
}
