import { Button, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useDropzone, type DropzoneOptions } from "react-dropzone";
import { reportProblem } from "../../problem/problem.ts";
import { Icon } from "../Icon.tsx";
import { useActions } from "../use-app.ts";
import { filesOfDrop } from "./read-drop.ts";
import { useFileInput } from "./use-file-input.ts";
import { nothingDropped } from "./use-take-files.ts";
import styles from "./FileZone.module.css";

interface FileZoneProps {
  /** Names the file input for assistive technology, e.g. "Data files". */
  label: string;
  title: string;
  hint: string;
  icon: "table" | "model" | "text";
  disabled?: boolean;
  /** Offers to choose a whole folder as well. */
  folders?: boolean;
  onFiles: (files: File[]) => void;
  children?: ReactNode;
}

/** A drop zone that opens the file dialog on a click; below it the same as buttons, for keyboards, and for folders. */
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
    // The buttons below are what a keyboard uses.
    noKeyboard: true,
    // Else every drop beside the zone would look taken, and the page's own target would leave it alone.
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
          // Opening the dialog is a click on it, which would open another.
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
              // React knows no property for it; an attribute of this name is what browsers read.
              {...{ webkitdirectory: "" }}
            />
          </>
        )}
        {children}
      </Group>
    </div>
  );
}

/** Also called while files are dragged over, when a drop still tells their number and kinds alone. */
const filesOfEvent: NonNullable<DropzoneOptions["getFilesFromEvent"]> = async (event) => {
  if (!("dataTransfer" in event) || !event.dataTransfer) return [];
  return event.type === "drop" ? filesOfDrop(event.dataTransfer) : [...event.dataTransfer.items];
};
