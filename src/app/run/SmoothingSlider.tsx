import { Slider } from "@mantine/core";
import { useId } from "react";

interface SmoothingSliderProps {
  /** 0 to 3; see `smoothingWeight`. */
  value: number;
  onChange: (value: number) => void;
}

/** How much the smoothed line of a loss is smoothed. */
export function SmoothingSlider({ value, onChange }: SmoothingSliderProps) {
  const label = useId();
  const text = (place: number) => smoothingWeight(place).toFixed(3);
  return (
    <>
      <span id={label}>Smoothing</span>
      <Slider
        w={140}
        size="sm"
        min={0}
        max={3}
        step={0.1}
        value={value}
        onChange={onChange}
        label={text}
        thumbProps={{ "aria-labelledby": label, "aria-valuetext": text(value) }}
      />
      <span style={{ fontVariantNumeric: "tabular-nums" }}>{text(value)}</span>
    </>
  );
}

/** The slider's place as the weight of the average: 0, 1, 2, 3 are 0, 0.9, 0.99, 0.999, which is how lengths of runs differ. */
export function smoothingWeight(place: number): number {
  return 1 - 10 ** -place;
}
