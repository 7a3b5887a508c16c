import { Slider, Text } from "@mantine/core";
import { useState } from "react";
import { percent } from "../../recipe/wording.ts";

const smallest = 0.05;
const largest = 0.5;

interface ShareSliderProps {
  label: string;
  share: number;
  locked: boolean;
  onShare: (share: number) => void;
  /** What the share does, in words; it is in percent. */
  children: (share: string) => string;
}

/** A share of the rows, which is taken when the slider is let go. */
export function ShareSlider({ label, share, locked, onShare, children }: ShareSliderProps) {
  const [dragged, setDragged] = useState<number | null>(null);
  return (
    <div style={{ marginTop: 10 }}>
      <Slider
        thumbLabel={label}
        disabled={locked}
        min={Math.min(smallest, share)}
        max={Math.max(largest, share)}
        step={0.01}
        value={dragged ?? share}
        label={null}
        onChange={setDragged}
        onChangeEnd={(value) => {
          setDragged(null);
          onShare(Math.round(value * 100) / 100);
        }}
      />
      <Text size="sm" c="var(--quiet)" mt={4}>
        {children(percent(dragged ?? share))}
      </Text>
    </div>
  );
}
