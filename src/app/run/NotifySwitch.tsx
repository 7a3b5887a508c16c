import { Switch } from "@mantine/core";
import { useState } from "react";
import { useActions, useApp } from "../use-app.ts";

/** Asks for the permission to notify when it is first switched on; says where the browser refuses it. */
export function NotifySwitch() {
  const wanted = useApp(({ notifies }) => notifies ?? true);
  const { setNotifies } = useActions();
  const [permission, setPermission] = useState(typeof Notification === "undefined" ? null : Notification.permission);
  const [isRefused, setIsRefused] = useState(false);
  if (permission === null) return null;
  const choose = async (on: boolean) => {
    setNotifies(on);
    if (!on) return;
    const answer = await Notification.requestPermission();
    setPermission(answer);
    setIsRefused(answer !== "granted");
  };
  return (
    <Switch
      size="xs"
      mt={10}
      label="Notify me when the run ends"
      description={
        isRefused
          ? "The browser refused notifications. Allow them in its settings of this site, then press again."
          : undefined
      }
      checked={permission === "granted" && wanted}
      onChange={(event) => void choose(event.currentTarget.checked)}
    />
  );
}
