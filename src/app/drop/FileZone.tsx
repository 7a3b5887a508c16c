import { Button, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useDropzone, type DropzoneOptions } from "react-dropzone";
import { reportProblem } from "../../problem/problem.ts";
import { Icon } from "../Icon.tsx";
import { useActions } from "../use-app.ts";
import { filesOfDrop, useFileInput } from "./read-drop.ts";
import { nothingDropped } from "./use-take-files.ts";
import styles from "./drop.module.css";

interface FileZoneProps {
  /** Name of the file input for assistive technology, e.g. "Data files". */
  label: string;
  title: string;
  hint: string;
  icon: "table" | "model" | "text";
  disabled?: boolean;
  /** Whether a whole folder can be chosen as well. */
  folders?: boolean;
  onFiles: (files: File[]) => void;
  children?: ReactNode;
}

/** A drop zone that opens the file dialog on a click, with buttons below it for keyboards and for folders. */
export function FileZone({
  label,
  title,
  hint,
  icon,
  disabled = false,
  folders = false,
  onFiles,
  children,
}: FileZoneProps) {
  const { refuseFiles } = useActions();
  const { getRootProps, isDragAccept } = useDropzone({
    disabled,
    onDrop: (files) => (files.length > 0 ? onFiles(files) : refuseFiles(nothingDropped())),
    onError: (error) => refuseFiles(reportProblem(error)),
    getFilesFromEvent: filesOfEvent,
    noClick: true,
    // Keyboards use the buttons below.
    noKeyboard: true,
    // Otherwise every drop beside the zone would look handled, and `PageDrop` would ignore it.
    preventDropOnDocument: false,
  });
  const [filesRef, chooseFiles] = useFileInput(onFiles);
  const [folderRef, chooseFolder] = useFileInput(onFiles);
  return (
    <div className={styles.frame}>
      <div
        {...getRootProps({
          className: styles.zone ?? "",
          role: "presentation",
          "data-accept": isDragAccept || undefined,
          "data-disabled": disabled || undefined,
        })}
        onClick={disabled ? undefined : chooseFiles}
      >
        <input
          ref={filesRef}
          type="file"
          multiple
          aria-label={label}
          tabIndex={-1}
          className={styles.input}
          // Opening the dialog clicks the input, which would bubble up and open another dialog.
          onClick={(event) => event.stopPropagation()}
        />
        <div className={styles.inside}>
          <Icon name={icon} size={22} />
          <div>
            <Text fw={600}>{title}</Text>
            <Text size="sm" c="var(--quiet)">
              {hint}
            </Text>
          </div>
        </div>
      </div>
      <Group gap="xs" mt="xs">
        <Button size="xs" variant="default" disabled={disabled} onClick={chooseFiles}>
          {folders ? "Choose files" : "Choose a file"}
        </Button>
        {folders && (
          <>
            <Button size="xs" variant="default" disabled={disabled} aria-label="Choose a folder" onClick={chooseFolder}>
              Folder
            </Button>
            <input
              ref={folderRef}
              type="file"
              hidden
              multiple
              aria-label={`${label}: folder`}
              // React has no property for it; browsers read an attribute of this name.
              {...{ webkitdirectory: "" }}
            />
          </>
        )}
        {children}
      </Group>
    </div>
  );
}

/** Also called while files are dragged over, when only their number and kinds are known. */
const filesOfEvent: NonNullable<DropzoneOptions["getFilesFromEvent"]> = async (event) => {
  if (!("dataTransfer" in event) || !event.dataTransfer) return [];
  return event.type === "drop" ? filesOfDrop(event.dataTransfer) : [...event.dataTransfer.items];
};
