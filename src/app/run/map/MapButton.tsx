import { Button } from "@mantine/core";

/** A button of the card `of` a map. */
export function MapButton({ name, of, onClick }: { name: string; of: string; onClick: () => void }) {
  return (
    <Button variant="default" size="compact-xs" aria-label={`${name}: ${of}`} onClick={onClick}>
      {name}
    </Button>
  );
}
