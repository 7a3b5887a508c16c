import { Button, Group, Text } from "@mantine/core";
import { useRef, useState, type ReactNode } from "react";
import { useDropzone, type DropzoneOptions } from "react-dropzone";
import { reportProblem, type ProblemReport } from "../../problem/problem.ts";
import { Icon } from "../Icon.tsx";
import { ProblemNote } from "../ProblemNote.tsx";
import { filesOfDrop, filesOfInput } from "./read-drop.ts";
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
  const [problem, setProblem] = useState<ProblemReport | null>(null);
  const { getRootProps, getInputProps, isDragAccept, open } = useDropzone({
    disabled,
    onDropAccepted: (files) => {
      setProblem(null);
      onFiles(files);
    },
    onError: (error) => setProblem(reportProblem(error)),
    getFilesFromEvent: filesOfEvent,
    // The buttons below are what a keyboard uses.
    noKeyboard: true,
    // Else every drop beside the zone would look taken, and the page's own target would leave it alone.
    preventDropOnDocument: false,
  });
  const folderInput = useRef<HTMLInputElement>(null);
  return (
    <div className={styles.frame}>
      <div
        {...getRootProps({
          className: styles.zone ?? "",
          role: "presentation",
          "data-accept": isDragAccept || undefined,
          "data-disabled": disabled || undefined,
        })}
      >
        <input {...getInputProps({ "aria-label": label })} />
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
        <Button size="xs" variant="default" disabled={disabled} onClick={open}>
          {folders ? "Choose files" : "Choose a file"}
        </Button>
        {folders && (
          <>
            <Button
              size="xs"
              variant="default"
              disabled={disabled}
              aria-label="Choose a folder"
              onClick={() => folderInput.current?.click()}
            >
              Folder
            </Button>
            <input
              ref={folderInput}
              type="file"
              hidden
              multiple
              aria-label={`${label}: folder`}
              // React knows no property for it; an attribute of this name is what browsers read.
              {...{ webkitdirectory: "" }}
              onChange={(event) => {
                const files = filesOfInput(event.currentTarget);
                event.currentTarget.value = "";
                if (files.length > 0) onFiles(files);
              }}
            />
          </>
        )}
        {children}
      </Group>
      {problem && <ProblemNote problem={problem} onDismiss={() => setProblem(null)} />}
    </div>
  );
}

/** Also called while files are dragged over, when a drop still tells their number and kinds alone. */
const filesOfEvent: NonNullable<DropzoneOptions["getFilesFromEvent"]> = async (event) => {
  if ("dataTransfer" in event && event.dataTransfer) {
    return event.type === "drop" ? filesOfDrop(event.dataTransfer) : [...event.dataTransfer.items];
  }
  return "target" in event && event.target instanceof HTMLInputElement ? filesOfInput(event.target) : [];
};
