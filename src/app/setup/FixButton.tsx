import { Button } from "@mantine/core";
import type { DataFix, Finding } from "../../workers/protocol.ts";

interface FixButtonProps {
  fix: NonNullable<Finding["fix"]>;
  locked: boolean;
  onFix: (change: DataFix) => void;
}

/** Corrects what a finding says, at one press; undo takes it back. */
export function FixButton({ fix, locked, onFix }: FixButtonProps) {
  return (
    <Button size="compact-xs" variant="default" my={4} disabled={locked} onClick={() => onFix(fix.change)}>
      {fix.label}
    </Button>
  );
}
