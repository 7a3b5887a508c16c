import { Button } from "@mantine/core";
import { useState } from "react";
import styles from "./App.module.css";
import { Icon } from "./Icon.tsx";
import { isActive } from "./state.ts";
import { useApp } from "./use-app.ts";

/** Asks for the permission to tell the end, while there is something to wait for and it is not yet decided. */
export function NotifyButton() {
  const active = useApp(({ run }) => isActive(run.status));
  const [permission, setPermission] = useState(
    typeof Notification === "undefined" ? "denied" : Notification.permission,
  );
  if (!active || permission !== "default") return null;
  return (
    <Button
      size="xs"
      variant="default"
      aria-label="Notify me at the end"
      leftSection={<Icon name="bell" size={16} />}
      className={styles.notify ?? ""}
      onClick={() => void Notification.requestPermission().then((answer) => setPermission(answer))}
    >
      Notify me at the end
    </Button>
  );
}
